package io.camure.protocol.group;

import io.camure.protocol.base.RoundTripEstimator;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/** Who has left a group or was evicted from it, and may still speak as a member. */
final class Departures {

    /** How late a datagram may be of a node that has left, as far as it is spared an answer. */
    private static final long LATE_NANOS = RoundTripEstimator.MAXIMUM_NANOS;

    /** When those left that did by themselves. */
    private final Map<InetSocketAddress, Long> leftNanos = new HashMap<>();

    /** Why those were evicted that may not have been reached by that. */
    private final Map<InetSocketAddress, Eviction> evictions = new HashMap<>();

    private record Eviction(int number, String reason) {}

    void onLeft(Membership membership, long nowNanos) {
        leftNanos.put(membership.address(), nowNanos);
    }

    /** A member is about to be removed for a reason that it is to know. */
    void onEvicted(Membership member, String reason) {
        evictions.put(member.address(), new Eviction(member.number(), reason));
    }

    /** Forgets that a node left or was evicted: it comes back, or is not in the session any more. */
    void forget(InetSocketAddress address) {
        leftNanos.remove(address);
        evictions.remove(address);
    }

    /**
     * A late datagram of a node that left by itself is no reason to tell it that it is out. One that speaks for longer has
     * come back, but its goodbye of the time before came after its admission.
     */
    boolean hasJustLeft(InetSocketAddress address, long nowNanos) {
        Long nanos = leftNanos.get(address);
        return nanos != null && nowNanos - nanos < LATE_NANOS;
    }

    /** What to tell a node that speaks as a member and is none. */
    String reasonFor(InetSocketAddress address, int number) {
        Eviction eviction = evictions.get(address);
        return eviction != null && number != 0 && eviction.number() == number
                ? eviction.reason()
                : DisconnectReason.NOT_A_MEMBER;
    }
}
