package io.camure.node.rejoin;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.CamureException;
import io.camure.Loss;
import io.camure.node.group.SessionEnd;
import io.camure.protocol.base.Format;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
    private @Nullable CamureException lastFailure;
    private long lastFailureNanos;

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

    /** How long that may take. */
    long tryNanos() {
        return backOff.tryNanos();
    }

    /** Whether a try is under way. */
    boolean isAsked() {
        return asked;
    }

    void onAsked() {
        asked = true;
    }

    void onTryFailed(CamureException why, long nowNanos) {
        lastFailure = why;
        lastFailureNanos = nowNanos;
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

    private boolean isTried(long nowNanos) {
        return asked || dueNanos <= nowNanos;
    }

    Loss loss(long nowNanos) {
        Instant now = Instant.now();
        CamureException failure = lastFailure;
        return new Loss(
                cause,
                now.minusNanos(nowNanos - sinceNanos),
                failure == null
                        ? Optional.empty()
                        : Optional.of(new Loss.FailedTry(now.minusNanos(nowNanos - lastFailureNanos), failure)),
                isTried(nowNanos) ? Optional.empty() : Optional.of(now.plusNanos(dueNanos - nowNanos)));
    }

    /**
     * Since when it is lost, when the next try is, and what came of the last one; for people.
     *
     * @param what is lost, and {@code name} that of this node: who reads it knows both
     */
    String history(String what, String name, long nowNanos) {
        CamureException failure = lastFailure;
        return next(nowNanos)
                + (failure == null
                        ? ""
                        : ", the last one " + rounded(nowNanos - lastFailureNanos) + " ago failed: "
                                + SessionEnd.briefly(failure, what, name));
    }

    /** Since when it is lost, and when the next try is; for people. */
    String next(long nowNanos) {
        return "lost " + rounded(nowNanos - sinceNanos) + " ago, "
                + (isTried(nowNanos) ? "being tried again now" : "next try in " + rounded(dueNanos - nowNanos));
    }

    private static String rounded(long nanos) {
        long unitNanos = nanos < SECONDS.toNanos(1) ? MILLISECONDS.toNanos(1) : SECONDS.toNanos(1);
        return Format.duration((nanos + unitNanos / 2) / unitNanos * unitNanos);
    }
}
