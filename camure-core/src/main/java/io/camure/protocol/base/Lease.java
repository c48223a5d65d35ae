package io.camure.protocol.base;

/**
 * The right to coordinate a session, by which whoever has elected the coordinator sees to it that there is one at a time: the
 * term of the election, and until when the coordinator may act without hearing that it still is the one. The end moves as the
 * lease is renewed, which other threads do; once it has passed, the lease is over for good.
 */
public interface Lease {

    /** In which term the coordinator was elected; 0 when nobody has elected it. */
    long term();

    /** When it ends unless it is renewed, on the clock of the session; {@link RetryTimer#NEVER} for never. */
    long endNanos();
}
