package io.camure.node.group;

import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.SECONDS;

/** When the log tells that something is still waited for: after 5 s, and then ever less often. It is told the time. */
public final class Reminders {

    static final long FIRST_NANOS = SECONDS.toNanos(5);
    private static final long LONGEST_INTERVAL_NANOS = MINUTES.toNanos(5);

    private long sinceNanos;
    private long dueNanos;

    /** @param sinceNanos since when it is waited for */
    public Reminders(long sinceNanos) {
        restart(sinceNanos);
    }

    /** Something else is waited for now. */
    void restart(long nanos) {
        sinceNanos = nanos;
        dueNanos = nanos + FIRST_NANOS;
    }

    /** Whether what is waited for is what was waited for then. */
    boolean areSince(long nanos) {
        return sinceNanos == nanos;
    }

    /** When to tell it next. */
    long dueNanos() {
        return dueNanos;
    }

    /** Whether it is time to tell it; if so, the next time is set. */
    public boolean take(long nowNanos) {
        if (nowNanos < dueNanos) {
            return false;
        }
        while (dueNanos <= nowNanos) {
            dueNanos += Math.min(dueNanos - sinceNanos, LONGEST_INTERVAL_NANOS);
        }
        return true;
    }
}
