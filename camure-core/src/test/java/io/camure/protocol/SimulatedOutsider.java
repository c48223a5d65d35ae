package io.camure.protocol;

import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.group.MemberSettings;
import io.camure.protocol.security.MemberCodec;
import io.camure.protocol.security.Secret;
import io.camure.protocol.session.MemberSession;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A node of a session of another name, which asks the coordinator again and again and must never be let in. */
final class SimulatedOutsider {

    private static final InetSocketAddress ADDRESS = new InetSocketAddress("10.0.9.9", 9999);

    private final SimulatedNetwork network;
    private final MemberSettings settings;
    private final long pauseNanos;
    private final @Nullable Secret secret;
    private MemberSession session;
    private long lives;
    private long giveUpNanos;
    private boolean pausing;

    /** @param sealing of the session: this node has its secret, or none, or another one in turn */
    SimulatedOutsider(
            SimulatedNetwork network,
            InetSocketAddress coordinator,
            long timeoutNanos,
            SimulatedCoordinator.@Nullable Sealing sealing) {
        this.network = network;
        secret = sealing == null ? null : sealing.secret();
        pauseNanos = timeoutNanos;
        settings = new MemberSettings(coordinator, timeoutNanos, 64, 1 << 20, "outsider", "another session");
        session = begin();
        network.addInvariant(this::step);
    }

    private MemberSession begin() {
        long incarnation = -(2 * ++lives + 1);
        MemberSession beginning = new MemberSession(settings, () -> incarnation, codec());
        giveUpNanos = network.nowNanos() + 4 * pauseNanos;
        network.add(ADDRESS, beginning);
        beginning.join(network.nowNanos());
        return beginning;
    }

    private DatagramCodec codec() {
        if (secret == null || lives % 3 == 0) {
            return DatagramCodec.PLAIN;
        }
        Secret own = lives % 3 == 1 ? secret : new Secret(new byte[Secret.SHORTEST_BYTES + 1]);
        return new MemberCodec(own, settings.coordinatorAddress(), new SplittableRandom(lives));
    }

    private void step() {
        if (session.isJoined()) {
            throw new AssertionError("a node of another session was let in");
        }
        if ((session.loss() != null || network.nowNanos() > giveUpNanos) && !pausing) {
            pausing = true;
            network.after(pauseNanos, () -> {
                pausing = false;
                session = begin();
            });
        }
    }
}
