package io.camure.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.wire.ChunkType;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A member and its application, which waits at the barrier again and again and reads all messages. */
final class SimulatedMember {

    static final int BARRIER = 0;
    static final int BROADCAST = 1;

    final InetSocketAddress address;
    final MemberSession session;
    final List<Integer> messages = new ArrayList<>();

    private final SimulatedNetwork network;
    private final SplittableRandom random;
    private final long thinkNanos;
    private @Nullable MemberGroup barrier;
    private @Nullable MemberGroup broadcast;
    private boolean arriving;
    private boolean leaving;

    /** The last round at which the application has arrived, or -1. */
    long arrivedRound = -1;

    /** The last round that the application has left, or -1. */
    long leftRound = -1;

    private int fragmentsOfMessage = -1;
    private int lastMessage;

    SimulatedMember(int number, SimulatedNetwork network, InetSocketAddress coordinator, SplittableRandom random) {
        this.network = network;
        this.random = random;
        address = new InetSocketAddress("10.0.0." + (1 + number / 50000), 10000 + number % 50000);
        thinkNanos = random.nextLong(1, 5_000_000);
        session = new MemberSession(new MemberSettings(coordinator, 50_000_000_000L, 128, 1 << 20), random);
        network.add(address, session);
        session.join(network.nowNanos());
    }

    /** Does what the application can do now. */
    void step() {
        if (!session.isJoined() || session.loss() != null || !network.isAlive(address)) {
            return;
        }
        if (barrier == null && !leaving) {
            network.receiveMulticast(address);
            barrier = session.joinBarrier(BARRIER, network.nowNanos());
            broadcast = session.joinBroadcast(BROADCAST, network.nowNanos());
        }
        useBarrier();
        readMessages();
    }

    private void useBarrier() {
        MemberGroup group = barrier;
        if (group == null || group.state() == MemberGroup.State.JOINING) {
            return;
        }
        BarrierArrival arrival = group.arrival();
        if (arrivedRound > leftRound && arrival.outcome().round() >= arrivedRound) {
            leftRound = arrivedRound;
        }
        if (!arriving && arrivedRound == leftRound && group.state() == MemberGroup.State.JOINED && !leaving) {
            arriving = true;
            network.after(random.nextLong(thinkNanos), () -> {
                arriving = false;
                if (network.isAlive(address) && group.state() == MemberGroup.State.JOINED) {
                    arrivedRound = arrival.arrive(network.nowNanos());
                    // A member that joined late has not taken part in the rounds before.
                    leftRound = arrivedRound - 1;
                }
            });
        }
    }

    private void readMessages() {
        MemberGroup group = broadcast;
        if (group == null || group.state() == MemberGroup.State.JOINING) {
            return;
        }
        ReceiveWindow window = group.window();
        // A reader that is slow at times.
        while (window.nextType() != null && (random.nextInt(8) != 0 || group.state() == MemberGroup.State.OUT)) {
            ChunkType type = window.nextType();
            ByteBuffer payload = ByteBuffer.allocate(window.nextBytes());
            window.read(payload.array(), 0, payload.capacity(), network.nowNanos());
            if (type == ChunkType.BROADCAST_FIRST_FRAGMENT && !payload.hasRemaining()) {
                fragmentsOfMessage = -1;
                continue;
            }
            if (type == ChunkType.BROADCAST_MESSAGE || type == ChunkType.BROADCAST_FIRST_FRAGMENT) {
                fragmentsOfMessage = 0;
                lastMessage = payload.getInt(0);
            }
            assertThat(fragmentsOfMessage)
                    .as("a message begins with its first fragment")
                    .isNotNegative();
            assertThat(payload.getInt(0)).as("message of the fragment").isEqualTo(lastMessage);
            assertThat(payload.getInt(4)).as("number of the fragment").isEqualTo(fragmentsOfMessage);
            fragmentsOfMessage++;
            if (type == ChunkType.BROADCAST_MESSAGE || type == ChunkType.BROADCAST_FINAL_FRAGMENT) {
                assertThat(payload.getInt(8)).as("fragments of the message").isEqualTo(fragmentsOfMessage);
                messages.add(lastMessage);
                fragmentsOfMessage = -1;
            }
        }
    }

    void leave() {
        leaving = true;
        if (barrier != null && broadcast != null) {
            barrier.leave(network.nowNanos());
            broadcast.leave(network.nowNanos());
        }
    }

    boolean isLeaving() {
        return leaving;
    }

    boolean isInBroadcast() {
        return broadcast != null && broadcast.state() == MemberGroup.State.JOINED;
    }

    @Nullable
    Disconnection disconnection() {
        MemberGroup group = broadcast;
        return group == null ? null : group.disconnection();
    }

    @Override
    public String toString() {
        return "member " + address.getPort();
    }
}
