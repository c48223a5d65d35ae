package io.camure.node.broadcast;

import static java.util.concurrent.TimeUnit.MINUTES;

import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log what a handler of messages fails by: each kind of failure once a minute, with how often it has happened since, so
 * that no sender of messages that can't be handled fills the log. Used by the handler's thread.
 */
final class HandlerFailures {

    private static final Logger log = LoggerFactory.getLogger(HandlerFailures.class);

    private static final long PAUSE_NANOS = MINUTES.toNanos(1);

    /** Whatever comes beyond counts as one kind. */
    private static final int MOST_KINDS = 16;

    private static final String OTHERS = "others";

    private final Map<String, Kind> kinds = new HashMap<>();

    private static final class Kind {
        private long nextNanos;
        private long untold;
    }

    /** @param receiver what the log calls the group */
    void onFailure(Object receiver, Throwable failure, long nowNanos) {
        String name = nameOf(failure);
        boolean isNew = !kinds.containsKey(name);
        Kind kind = kinds.computeIfAbsent(isNew && kinds.size() >= MOST_KINDS ? OTHERS : name, any -> new Kind());
        if (kind.untold == 0 && kind.nextNanos == 0 || nowNanos - kind.nextNanos >= 0) {
            log.warn("{}: the handler of a message has failed{}", receiver, since(kind.untold), failure);
            kind.untold = 0;
            kind.nextNanos = nowNanos + PAUSE_NANOS;
        } else {
            kind.untold++;
        }
    }

    private static String since(long untold) {
        return untold == 0 ? "" : "; so it has on " + untold + " others since that was last logged";
    }

    /** By its type and that of its first cause. */
    private static String nameOf(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause.getCause() != null && depth < MOST_KINDS; depth++) {
            cause = cause.getCause();
        }
        return failure.getClass().getName() + cause.getClass().getName();
    }
}
