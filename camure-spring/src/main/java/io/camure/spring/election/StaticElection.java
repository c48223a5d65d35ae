package io.camure.spring.election;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Elects nobody: the configuration says which node coordinates, in all its lives. No other one takes over when that node is gone,
 * and there are no terms.
 */
public final class StaticElection implements CoordinatorElection {

    private static final Logger log = LoggerFactory.getLogger(StaticElection.class);

    private final boolean here;
    private final String condition;

    /**
     * @param here whether this node coordinates
     * @param condition what says so, for the log
     */
    public StaticElection(boolean here, String condition) {
        this.here = here;
        this.condition = condition;
    }

    @Override
    public Registration campaign(CoordinatorRecord candidate, Listener listener) {
        log.info(
                "{}: {} coordinates, as {} says. There is no fail-over: nobody takes over when the coordinator is gone",
                candidate.node().name(),
                here ? "this node" : "another node",
                condition);
        if (here) {
            listener.onElected(0, () -> Long.MAX_VALUE);
        }
        return () -> listener.onLost("it was stopped");
    }

    /** Nothing: where the coordinator is, the configuration has to say as well. */
    @Override
    public Optional<CoordinatorRecord> current() {
        return Optional.empty();
    }
}
