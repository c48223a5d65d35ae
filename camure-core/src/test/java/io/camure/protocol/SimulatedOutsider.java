package io.camure.protocol;

import io.camure.protocol.group.MemberSettings;
import io.camure.protocol.session.MemberSession;
import java.net.InetSocketAddress;

/** A node of a session of another name, which asks the coordinator again and again and must never be let in. */
final class SimulatedOutsider {

    private static final InetSocketAddress ADDRESS = new InetSocketAddress("10.0.9.9", 9999);

    private final SimulatedNetwork network;
    private final MemberSettings settings;
    private final long pauseNanos;
    private MemberSession session;
    private long lives;
    private boolean pausing;

    SimulatedOutsider(SimulatedNetwork network, InetSocketAddress coordinator, long timeoutNanos) {
        this.network = network;
        pauseNanos = timeoutNanos;
        settings = new MemberSettings(coordinator, timeoutNanos, 64, 1 << 20, "outsider", "another session");
        session = begin();
        network.addInvariant(this::step);
    }

    private MemberSession begin() {
        long incarnation = -(2 * ++lives + 1);
        MemberSession beginning = new MemberSession(settings, () -> incarnation);
        network.add(ADDRESS, beginning);
        beginning.join(network.nowNanos());
        return beginning;
    }

    private void step() {
        if (session.isJoined()) {
            throw new AssertionError("a node of another session was let in");
        }
        if (session.loss() != null && !pausing) {
            pausing = true;
            network.after(pauseNanos, () -> {
                pausing = false;
                session = begin();
            });
        }
    }
}
