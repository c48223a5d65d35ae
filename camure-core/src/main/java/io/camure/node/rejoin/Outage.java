package io.camure.node.rejoin;

import static java.util.concurrent.TimeUnit.MINUTES;

import io.camure.CamureException;

/** Something that a member has lost: since when, why, and when to try to join it again. */
final class Outage {

    /** Trying can go on for days: it is told once in this time why it does. */
    static final long WARNING_INTERVAL_NANOS = MINUTES.toNanos(1);

    private final CamureException cause;
    private final long sinceNanos;
    private BackOff backOff;
    private long dueNanos;
    private long nextWarningNanos;
    private boolean asked;

    Outage(CamureException cause, BackOff backOff, long nowNanos) {
        this.cause = cause;
        this.backOff = backOff;
        sinceNanos = nowNanos;
        nextWarningNanos = nowNanos;
        dueNanos = nowNanos + backOff.nextNanos();
    }

    CamureException cause() {
        return cause;
    }

    long ageNanos(long nowNanos) {
        return nowNanos - sinceNanos;
    }

    /** When the next try is due; means nothing while one is under way. */
    long dueNanos() {
        return dueNanos;
    }

    /** Whether a try is under way. */
    boolean isAsked() {
        return asked;
    }

    void onAsked() {
        asked = true;
    }

    void onTryFailed(long nowNanos) {
        asked = false;
        dueNanos = nowNanos + backOff.nextNanos();
    }

    /** There is a new session to try in, at once; whatever was under way has ended with the old one. */
    void beginAnew(BackOff pauses, long nowNanos) {
        asked = false;
        backOff = pauses;
        dueNanos = nowNanos;
    }

    long nextWarningNanos() {
        return nextWarningNanos;
    }

    void warnNotBefore(long nanos) {
        nextWarningNanos = Math.max(nextWarningNanos, nanos);
    }

    /** Whether it is time to tell that it goes on; if so, the next time is set. */
    boolean takeWarning(long nowNanos) {
        if (nowNanos < nextWarningNanos) {
            return false;
        }
        nextWarningNanos = nowNanos + WARNING_INTERVAL_NANOS;
        return true;
    }
}
