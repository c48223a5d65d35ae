package io.camure.protocol.session;

import io.camure.protocol.base.Lease;
import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.base.StateMachine;
import io.camure.wire.DropReason;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * A session at a coordinator that may act only while its lease lasts: past that, another one may have been elected, so that
 * nothing is taken, done or sent any more. Needs nobody to say so: what counts is the clock of the session alone. The same holds
 * once it has handed over, but for its goodbye.
 */
public final class FencedSession implements StateMachine {

    private final CoordinatorSession session;
    private final Lease lease;
    private volatile boolean over;
    private volatile boolean handedOver;

    public FencedSession(CoordinatorSession session, Lease lease) {
        this.session = session;
        this.lease = lease;
    }

    /** Whether the lease is over. Once it is, renewing it changes nothing. Needs no lock. */
    public boolean isOver(long nowNanos) {
        return over || nowNanos >= lease.endNanos();
    }

    /** Whether goodbye was said. Needs no lock. */
    public boolean isHandedOver() {
        return handedOver;
    }

    /** Whether the lease is over; tells it once. */
    private boolean ends(long nowNanos) {
        if (!isOver(nowNanos)) {
            return false;
        }
        if (!over) {
            over = true;
            session.outbox().tell(new SessionEvent.LeaseEnded(lease.term()));
        }
        return true;
    }

    /**
     * Says goodbye to the members, so that they look for the next coordinator at once. Said again it is only repeated. To be closed after
     * that.
     */
    public void handOver(long nowNanos) {
        if (!handedOver) {
            // One that was over before is told of; what becomes of it from now on interests nobody.
            ends(nowNanos);
            handedOver = true;
        }
        session.handOver();
    }

    @Override
    public void onDatagram(InetSocketAddress source, ByteBuffer datagram, long nowNanos) {
        if (handedOver) {
            // Who asks to be let in asks the next one.
            counters().onDropped(DropReason.UNEXPECTED);
        } else if (ends(nowNanos)) {
            counters().onDropped(DropReason.LEASE_OVER);
        } else {
            session.onDatagram(source, datagram, nowNanos);
        }
    }

    @Override
    public void onDeadline(long nowNanos) {
        if (!handedOver && !ends(nowNanos)) {
            session.onDeadline(nowNanos);
        }
    }

    @Override
    public long nextDeadlineNanos() {
        return over || handedOver ? RetryTimer.NEVER : Math.min(session.nextDeadlineNanos(), lease.endNanos());
    }

    @Override
    public long sendsUntilNanos() {
        return over ? Long.MIN_VALUE : lease.endNanos();
    }

    @Override
    public boolean answersOneByOne() {
        return session.answersOneByOne();
    }

    @Override
    public Outbox outbox() {
        return session.outbox();
    }

    @Override
    public ProtocolCounters counters() {
        return session.counters();
    }
}
