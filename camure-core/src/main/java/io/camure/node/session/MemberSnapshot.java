package io.camure.node.session;

import io.camure.node.group.Counter;
import io.camure.protocol.session.MemberSession;
import io.camure.wire.NodeIdentity;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** What a member knows as of its last turn. Written under the driver's lock, read by any thread without waiting. */
final class MemberSnapshot {

    private final Counter coordinatorIncarnation = new Counter(0);
    private final Counter roundTripNanos = new Counter(-1);
    private final Counter lastHeardNanos = new Counter(0);
    private volatile NodeIdentity coordinator;
    private volatile boolean lost;

    MemberSnapshot(InetSocketAddress coordinatorAddress) {
        coordinator = NodeIdentity.at(coordinatorAddress);
    }

    void publish(MemberSession session) {
        coordinatorIncarnation.set(session.coordinatorIncarnation());
        roundTripNanos.set(session.roundTripNanos());
        lastHeardNanos.set(session.lastHeardNanos());
        if (coordinator != session.coordinator()) {
            coordinator = session.coordinator();
        }
        if (session.loss() != null && !lost) {
            lost = true;
        }
    }

    /** Empty while the coordinator has not answered, and when it does not tell, as legacy peers don't. */
    OptionalLong coordinatorIncarnation() {
        long incarnation = coordinatorIncarnation.get();
        return incarnation == 0 ? OptionalLong.empty() : OptionalLong.of(incarnation);
    }

    /** Which node the coordinator is; without a name while it has not answered, and when it does not tell. */
    NodeIdentity coordinator() {
        return coordinator;
    }

    /** Empty until measured. */
    Optional<Duration> roundTrip() {
        long nanos = roundTripNanos.get();
        return nanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
    }

    /** When something was last heard from the coordinator, on the driver's clock. */
    long lastHeardNanos() {
        return lastHeardNanos.get();
    }

    /** Whether the session is over, for whatever reason. */
    boolean isLost() {
        return lost;
    }
}
