package io.camure.spring.election;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Elects nobody: the configuration says which node coordinates, in all its lives. No other one takes over when that node is gone,
 * and there are no terms. Thread-safe.
 */
public final class StaticElection implements CoordinatorElection {

    private static final Logger log = LoggerFactory.getLogger(StaticElection.class);

    private final boolean here;
    private final String condition;

    /** This node, while it coordinates. */
    private volatile @Nullable CoordinatorRecord elected;

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
            elected = candidate;
        }
        return () -> {
            elected = null;
            listener.onLost("it was stopped");
        };
    }

    /** This node, where it coordinates. Of another one the configuration has to say where it is. */
    @Override
    public Optional<CoordinatorRecord> current() {
        return Optional.ofNullable(elected);
    }
}
