package io.camure.protocol.broadcast;

import static java.util.concurrent.TimeUnit.SECONDS;

/**
 * What becomes of a member that holds a broadcast up.
 *
 * @param patienceNanos how long it may do so before it is called slow
 * @param evicts whether it is evicted then
 */
public record SlowMemberPolicy(long patienceNanos, boolean evicts) {

    /** It is called slow after ten seconds, and waited for. */
    public static final SlowMemberPolicy WAIT = new SlowMemberPolicy(SECONDS.toNanos(10), false);
}
