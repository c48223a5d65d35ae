package io.camure.protocol.group;

import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.RoundTripEstimator;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells those who were in a group that it is closed, again until they have confirmed it.
 *
 * <p>Legacy members are given time to leave before: when such a member is told, it may lose what it has acknowledged and its
 * application has not read. What that has read is not known here.
 */
final class ClosingHandshake {

    private static final long FIRST_REPEAT_NANOS = 10 * RoundTripEstimator.MINIMUM_NANOS;

    private final Roster roster;
    private final long lingerNanos;
    private final RetryTimer timer = new RetryTimer(RoundTripEstimator.MAXIMUM_NANOS);
    private final Map<InetSocketAddress, Membership> unconfirmed = new HashMap<>();

    /** Those of them that were not told yet, so that they can leave by themselves. */
    private final Map<InetSocketAddress, Membership> lingering = new HashMap<>();

    private long lingerEndNanos = RetryTimer.NEVER;

    /** @param lingerNanos how long legacy members have to leave before they are told */
    ClosingHandshake(Roster roster, long lingerNanos) {
        this.roster = roster;
        this.lingerNanos = lingerNanos;
    }

    /** Tells all, and from now on again who does not confirm it. */
    void start(List<Membership> memberships, long nowNanos) {
        for (Membership membership : memberships) {
            // Whoever was not admitted yet will find out, should it not hear this.
            if (membership.state() != Membership.State.WAITING) {
                unconfirmed.put(membership.address(), membership);
            }
            if (membership.isMember() && membership.isOfLegacyPeer() && lingerNanos > 0) {
                lingering.put(membership.address(), membership);
            } else {
                tell(membership);
            }
        }
        lingerEndNanos = lingering.isEmpty() ? RetryTimer.NEVER : nowNanos + lingerNanos;
        timer.start(nowNanos, FIRST_REPEAT_NANOS);
    }

    private void tell(Membership membership) {
        roster.disconnect(membership.address(), membership.number(), DisconnectReason.CLOSED);
    }

    /** A node has left the membership with this number, or a legacy peer, which does not number them, joins anew. */
    void onConfirmed(InetSocketAddress address, int number) {
        Membership membership = unconfirmed.get(address);
        if (membership != null && membership.isSaidWith(number)) {
            forget(address);
        }
    }

    /** Whether this node has yet to confirm it. */
    boolean isAwaited(InetSocketAddress address) {
        return unconfirmed.containsKey(address);
    }

    /** Whether this node is given time to leave. */
    boolean isLingering(InetSocketAddress address) {
        return lingering.containsKey(address);
    }

    /** Whether any node is given time to leave. */
    boolean isLingering() {
        return !lingering.isEmpty();
    }

    void forget(InetSocketAddress address) {
        unconfirmed.remove(address);
        lingering.remove(address);
        if (lingering.isEmpty()) {
            lingerEndNanos = RetryTimer.NEVER;
        }
    }

    boolean isConfirmed() {
        return unconfirmed.isEmpty();
    }

    void onDeadline(long nowNanos) {
        boolean lingerIsOver = nowNanos >= lingerEndNanos;
        if (lingerIsOver) {
            lingering.clear();
            lingerEndNanos = RetryTimer.NEVER;
        }
        if (timer.isDue(nowNanos) || lingerIsOver) {
            unconfirmed.forEach((address, membership) -> {
                if (!isLingering(address)) {
                    tell(membership);
                }
            });
        }
        if (lingerIsOver) {
            timer.start(nowNanos, FIRST_REPEAT_NANOS);
        }
    }

    long nextDeadlineNanos() {
        return unconfirmed.isEmpty() ? RetryTimer.NEVER : Math.min(timer.deadlineNanos(), lingerEndNanos);
    }
}
