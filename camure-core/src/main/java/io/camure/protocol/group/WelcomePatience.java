package io.camure.protocol.group;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.protocol.base.RetryTimer;

/**
 * How long a group waits for nodes that were welcomed and have not answered: for each a few round trips, and only for a part
 * of the time if they don't. So nobody can stop a group who asks to be let in and says nothing more.
 */
final class WelcomePatience {

    private static final int ROUND_TRIPS = 8;

    /** A node that has just started may be busy for that long, whatever the round trips of the others are. */
    private static final long LEAST_NANOS = MILLISECONDS.toNanos(250);

    /** As long as no round trip was measured. */
    private static final long UNMEASURED_NANOS = MILLISECONDS.toNanos(400);

    /** And for a node that can't begin later than it was first told: it would have to join anew. */
    private static final long MOST_NANOS = SECONDS.toNanos(1);

    /** For as long as the group has waited in vain, it does not wait again; for longer where anybody may have asked, in any name. */
    private static final int REST = 1;

    private static final int REST_FROM_ANYBODY = 4;

    private final long memberTimeoutNanos;
    private long restEndNanos = RetryTimer.NEVER;
    private boolean resting;

    WelcomePatience(long memberTimeoutNanos) {
        this.memberTimeoutNanos = memberTimeoutNanos;
    }

    /** @param roundTripNanos how long members take to answer, or -1 while that was not measured */
    long nanosFor(Membership membership, long roundTripNanos) {
        long mostNanos = Math.min(MOST_NANOS, memberTimeoutNanos);
        if (!membership.isIdentified()) {
            return mostNanos;
        }
        long nanos = roundTripNanos < 0 ? UNMEASURED_NANOS : Math.max(LEAST_NANOS, ROUND_TRIPS * roundTripNanos);
        nanos = Math.max(nanos, 2 * membership.peer().lateAnswerNanos());
        return Math.min(mostNanos, nanos << Math.min(membership.withdrawals(), 5));
    }

    /** A node has not answered. */
    void onUnanswered(Membership membership, long nowNanos) {
        resting = true;
        restEndNanos = nowNanos + (membership.isIdentified() ? REST : REST_FROM_ANYBODY) * membership.patienceNanos();
    }

    /**
     * Whether a node may be welcomed. While the group rests, only one that is known to receive what is sent to it, and that has not
     * kept others waiting.
     */
    boolean allows(Membership membership) {
        return !membership.isSilent() && (!resting || membership.isIdentified() && membership.withdrawals() == 0);
    }

    /** Whether the rest is over, from now on. */
    boolean endsRest(long nowNanos) {
        if (!resting || nowNanos < restEndNanos) {
            return false;
        }
        resting = false;
        restEndNanos = RetryTimer.NEVER;
        return true;
    }

    long nextDeadlineNanos() {
        return restEndNanos;
    }
}
