package io.camure.protocol.group;

import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.RoundTripEstimator;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/** Tells those who were in a group that it is closed, again until they have confirmed it. */
final class ClosingHandshake {

    private static final long FIRST_REPEAT_NANOS = 10 * RoundTripEstimator.MINIMUM_NANOS;

    private final Roster roster;
    private final RetryTimer timer = new RetryTimer(RoundTripEstimator.MAXIMUM_NANOS);
    private final Map<InetSocketAddress, Membership> unconfirmed = new HashMap<>();

    ClosingHandshake(Roster roster) {
        this.roster = roster;
    }

    /** Tells one. Whoever was not admitted yet will find out, should it not hear this. */
    void tell(Membership membership) {
        if (membership.state() != Membership.State.WAITING) {
            unconfirmed.put(membership.address(), membership);
        }
        roster.disconnect(membership.address(), membership.number(), DisconnectReason.CLOSED);
    }

    /** From now on it is told again to who does not confirm it. */
    void start(long nowNanos) {
        timer.start(nowNanos, FIRST_REPEAT_NANOS);
    }

    /** A node has left the membership with this number, or a legacy peer, which does not number them, joins anew. */
    void onConfirmed(InetSocketAddress address, int number) {
        Membership membership = unconfirmed.get(address);
        if (membership != null && membership.isOf(number)) {
            unconfirmed.remove(address);
        }
    }

    /** Whether this node has yet to confirm it. */
    boolean isAwaited(InetSocketAddress address) {
        return unconfirmed.containsKey(address);
    }

    void forget(InetSocketAddress address) {
        unconfirmed.remove(address);
    }

    boolean isConfirmed() {
        return unconfirmed.isEmpty();
    }

    void onDeadline(long nowNanos) {
        if (timer.isDue(nowNanos)) {
            unconfirmed.forEach(
                    (address, membership) -> roster.disconnect(address, membership.number(), DisconnectReason.CLOSED));
        }
    }

    long nextDeadlineNanos() {
        return unconfirmed.isEmpty() ? RetryTimer.NEVER : timer.deadlineNanos();
    }
}
