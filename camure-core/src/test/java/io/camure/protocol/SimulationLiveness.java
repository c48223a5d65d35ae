package io.camure.protocol;

import io.camure.protocol.group.Membership;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Checks that neither side takes the other for alive for longer than is allowed. */
final class SimulationLiveness {

    private final SimulatedNetwork network;
    private final long timeoutNanos;
    private final long intervalNanos;
    private final Map<InetSocketAddress, Long> heardByCoordinatorNanos = new HashMap<>();
    private final Map<InetSocketAddress, Long> heardByMemberNanos = new HashMap<>();
    private long coordinatorStartNanos;

    /** @param intervalNanos that of the heartbeats */
    SimulationLiveness(SimulatedNetwork network, long timeoutNanos, long intervalNanos) {
        this.network = network;
        this.timeoutNanos = timeoutNanos;
        this.intervalNanos = intervalNanos;
    }

    void onCoordinatorStarted() {
        coordinatorStartNanos = network.nowNanos();
    }

    void onReceived(InetSocketAddress source, InetSocketAddress destination) {
        if (destination.equals(SimulatedCoordinator.ADDRESS)) {
            heardByCoordinatorNanos.put(source, network.nowNanos());
        } else {
            heardByMemberNanos.put(destination, network.nowNanos());
        }
    }

    /** @param living a coordinator that is not paused */
    void checkMembersOf(SimulatedCoordinator living) {
        long since = Math.max(coordinatorStartNanos, network.resumedNanos(SimulatedCoordinator.ADDRESS));
        for (Membership membership : living.barrier().memberships()) {
            long heardNanos = heardByCoordinatorNanos.getOrDefault(membership.address(), 0L);
            if (network.nowNanos() > Math.max(since, heardNanos) + timeoutNanos + intervalNanos) {
                throw new AssertionError(membership.address() + " is taken for alive by the coordinator");
            }
        }
    }

    void checkCoordinatorOf(List<SimulatedProcess> present) {
        for (SimulatedProcess process : present) {
            InetSocketAddress address = process.address();
            if (process instanceof SimulatedMember member && member.isInSession() && !network.isPaused(address)) {
                long heardNanos = heardByMemberNanos.getOrDefault(address, 0L);
                long since = Math.max(heardNanos, network.resumedNanos(address));
                if (network.nowNanos() > since + timeoutNanos + intervalNanos) {
                    throw new AssertionError("the coordinator is taken for alive by " + member);
                }
            }
        }
    }
}
