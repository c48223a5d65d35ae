package io.camure.spring.listener;

import io.camure.spring.callback.RepeatedWarning;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a listener fails by, for the log: each kind of failure with its stack trace once a minute, and how often it has
 * happened, so that no sender of messages that can't be handled fills the log. Thread-safe.
 */
final class ListenerFailures {

    /** Whatever comes beyond counts as one kind. */
    private static final int MOST_KINDS = 16;

    private static final String OTHERS = "others";

    private final Map<String, RepeatedWarning> kinds = new ConcurrentHashMap<>();
    private final RepeatedWarning.Line line;

    ListenerFailures(RepeatedWarning.Line line) {
        this.line = line;
    }

    void add(Throwable failure) {
        String name = nameOf(failure);
        boolean isOther = kinds.size() >= MOST_KINDS && !kinds.containsKey(name);
        kinds.computeIfAbsent(isOther ? OTHERS : name, any -> new RepeatedWarning(line))
                .add(failure);
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
