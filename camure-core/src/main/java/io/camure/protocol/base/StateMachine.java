package io.camure.protocol.base;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** One node's side of a session: everything that happens to it comes in here, what it wants done goes to its outbox. */
public interface StateMachine {

    /** Takes what was received from {@code source}: the bytes between the position and the limit, only during this call. */
    void onDatagram(InetSocketAddress source, ByteBuffer datagram, long nowNanos);

    /** Does what is due. Harmless when nothing is. */
    void onDeadline(long nowNanos);

    /** When {@link #onDeadline} is to be called next; {@code Long.MAX_VALUE} for never. May be early, never late. */
    long nextDeadlineNanos();

    /**
     * Whether the other side sends little before it waits for answers, so that each answer is to leave with the datagram that
     * it is for, and not with those to all that came in a turn.
     */
    boolean answersOneByOne();

    /** From when on nothing is to be sent any more, whatever is in the outbox; {@code Long.MAX_VALUE} for never. */
    default long sendsUntilNanos() {
        return RetryTimer.NEVER;
    }

    Outbox outbox();

    ProtocolCounters counters();
}
