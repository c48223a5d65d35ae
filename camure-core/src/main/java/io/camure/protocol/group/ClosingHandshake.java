package io.camure.protocol.group;

import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.RoundTripEstimator;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/** Tells those who were in a group that it is closed, again until they have confirmed it. */
public final class ClosingHandshake {

    private static final long FIRST_REPEAT_NANOS = 10 * RoundTripEstimator.MINIMUM_NANOS;

    private final Roster roster;
    private final RetryTimer timer = new RetryTimer(RoundTripEstimator.MAXIMUM_NANOS);
    private final Map<InetSocketAddress, Membership> unconfirmed = new HashMap<>();

    public ClosingHandshake(Roster roster) {
        this.roster = roster;
    }

    /** Tells one. Whoever was not let in yet will find out, should it not hear this. */
    public void tell(Membership participant) {
        if (participant.state() != Membership.State.WAITING) {
            unconfirmed.put(participant.address(), participant);
        }
        roster.disconnect(participant.address(), participant.membership(), DisconnectReason.CLOSED);
    }

    /** From now on it is told again to who does not confirm it. */
    public void start(long nowNanos) {
        timer.start(nowNanos, FIRST_REPEAT_NANOS);
    }

    /** A node has left this membership, or one that does not number them joins anew. */
    public void onConfirmed(InetSocketAddress address, int membership) {
        Membership participant = unconfirmed.get(address);
        if (participant != null && participant.isOf(membership)) {
            unconfirmed.remove(address);
        }
    }

    /** Whether this node has yet to confirm it. */
    public boolean isAwaited(InetSocketAddress address) {
        return unconfirmed.containsKey(address);
    }

    public void forget(InetSocketAddress address) {
        unconfirmed.remove(address);
    }

    public boolean isConfirmed() {
        return unconfirmed.isEmpty();
    }

    public void onDeadline(long nowNanos) {
        if (timer.isDue(nowNanos)) {
            unconfirmed.forEach((address, participant) ->
                    roster.disconnect(address, participant.membership(), DisconnectReason.CLOSED));
        }
    }

    public long nextDeadlineNanos() {
        return unconfirmed.isEmpty() ? RetryTimer.NEVER : timer.deadlineNanos();
    }
}
