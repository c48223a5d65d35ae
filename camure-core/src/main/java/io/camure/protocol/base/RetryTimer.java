package io.camure.protocol.base;

/** When to repeat something that was not answered: after a first delay, then after twice as long each time, to a limit. */
public final class RetryTimer {

    public static final long NEVER = Long.MAX_VALUE;

    private final long maximumNanos;
    private long delayNanos;
    private long deadlineNanos = NEVER;

    public RetryTimer(long maximumNanos) {
        this.maximumNanos = maximumNanos;
    }

    public void start(long nowNanos, long firstDelayNanos) {
        delayNanos = Math.min(firstDelayNanos, maximumNanos);
        deadlineNanos = nowNanos + delayNanos;
    }

    /** Begins anew with the delay, unless it is stopped; the next time comes no later by that. */
    public void hasten(long nowNanos, long firstDelayNanos) {
        if (isRunning()) {
            long dueNanos = deadlineNanos;
            start(nowNanos, firstDelayNanos);
            deadlineNanos = Math.min(deadlineNanos, dueNanos);
        }
    }

    public void stop() {
        deadlineNanos = NEVER;
    }

    public boolean isRunning() {
        return deadlineNanos != NEVER;
    }

    public long deadlineNanos() {
        return deadlineNanos;
    }

    /** Whether it is time to repeat; if so, the next time is set. */
    public boolean isDue(long nowNanos) {
        if (nowNanos < deadlineNanos) {
            return false;
        }
        delayNanos = Math.min(2 * delayNanos, maximumNanos);
        deadlineNanos = nowNanos + delayNanos;
        return true;
    }
}
