package io.camure.protocol;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.group.Admission;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.group.MemberSettings;
import io.camure.protocol.group.SessionSettings;
import io.camure.protocol.security.CoordinatorCodec;
import io.camure.protocol.security.KeyLimits;
import io.camure.protocol.security.MemberCodec;
import io.camure.protocol.security.SealingCipher;
import io.camure.protocol.security.Secret;
import io.camure.protocol.session.CoordinatorSession;
import io.camure.protocol.session.MemberSession;
import io.camure.wire.ChunkType;
import io.camure.wire.GroupDelivery;
import io.camure.wire.NodeIdentity;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A session on a simulated network without faults of its own, for tests of single cases. */
final class Session {

    static final InetSocketAddress COORDINATOR = new InetSocketAddress("10.0.0.1", 7400);
    static final long MEMBER_TIMEOUT_NANOS = SECONDS.toNanos(5);
    static final long COORDINATOR_TIMEOUT_NANOS = SECONDS.toNanos(5);
    static final Admission AUTOMATIC = new Admission(true, 0);
    static final Admission MANUAL = new Admission(false, 0);

    static final int CHUNK_BYTES = 508;

    private static final int WINDOW_CHUNKS = 64;
    private static final int MEMBER_WINDOW_CHUNKS = 128;
    private static final int RECEIVE_BUFFER_BYTES = 1 << 20;

    final SimulatedNetwork network;
    CoordinatorSession coordinator;
    private final int windowChunks;
    private final GroupDelivery delivery;
    private final long legacyLingerNanos;
    private final boolean acceptsLegacy;
    private final List<Secret> secrets;
    private final PathSizes pathSizes;
    private int nodeCount;

    private KeyLimits keyLimits = KeyLimits.DEFAULT;
    private int maximumMembers = 1000;

    /** What the next member says of its network interface; 0 for nothing. */
    int interfaceBytes;

    Session() {
        this(Faults.NONE);
    }

    Session(Faults faults) {
        this(faults, WINDOW_CHUNKS);
    }

    /** @param windowChunks how many chunks of a broadcast the coordinator keeps */
    Session(Faults faults, int windowChunks) {
        this(faults, windowChunks, 0);
    }

    Session(GroupDelivery delivery) {
        this(delivery, PathSizes.given(CHUNK_BYTES));
    }

    Session(GroupDelivery delivery, PathSizes pathSizes) {
        this(Faults.NONE, WINDOW_CHUNKS, 0, delivery, true, pathSizes);
    }

    /** @param legacyLingerNanos how long the end of a group is kept from legacy members */
    Session(Faults faults, int windowChunks, long legacyLingerNanos) {
        this(faults, windowChunks, legacyLingerNanos, GroupDelivery.MULTICAST, true, PathSizes.given(CHUNK_BYTES));
    }

    /** One that lets in nobody who can't prove its address. */
    static Session ofHardenedNodes() {
        return new Session(Faults.NONE, WINDOW_CHUNKS, 0, GroupDelivery.MULTICAST, false, PathSizes.given(CHUNK_BYTES));
    }

    private Session(
            Faults faults,
            int windowChunks,
            long legacyLingerNanos,
            GroupDelivery delivery,
            boolean acceptsLegacy,
            PathSizes pathSizes) {
        this(faults, windowChunks, legacyLingerNanos, delivery, acceptsLegacy, pathSizes, List.of());
    }

    /** A sealed one whose keys are used for so long. */
    static Session ofKeys(KeyLimits limits, Secret secret) {
        Session session = new Session(GroupDelivery.MULTICAST, List.of(secret));
        session.keyLimits = limits;
        session.startCoordinator(1);
        return session;
    }

    /** One that lets in so many. */
    static Session ofMembers(int maximumMembers) {
        Session session = new Session();
        session.maximumMembers = maximumMembers;
        session.startCoordinator(1);
        return session;
    }

    /** @param secrets those that the coordinator accepts; none for a session in clear */
    Session(GroupDelivery delivery, List<Secret> secrets) {
        this(delivery, PathSizes.given(CHUNK_BYTES), secrets);
    }

    Session(GroupDelivery delivery, PathSizes pathSizes, List<Secret> secrets) {
        this(Faults.NONE, WINDOW_CHUNKS, 0, delivery, true, pathSizes, secrets);
    }

    private Session(
            Faults faults,
            int windowChunks,
            long legacyLingerNanos,
            GroupDelivery delivery,
            boolean acceptsLegacy,
            PathSizes pathSizes,
            List<Secret> secrets) {
        this.acceptsLegacy = acceptsLegacy;
        this.pathSizes = pathSizes;
        this.secrets = secrets;
        this.windowChunks = windowChunks;
        this.legacyLingerNanos = legacyLingerNanos;
        this.delivery = delivery;
        network = new SimulatedNetwork(new SplittableRandom(1), faults);
        coordinator = startCoordinator(1);
    }

    /** Starts a coordinator on the same address, as after a restart. */
    CoordinatorSession startCoordinator(long seed) {
        SessionSettings settings = new SessionSettings(
                SimulatedNetwork.MULTICAST,
                pathSizes,
                SECONDS.toNanos(1),
                MEMBER_TIMEOUT_NANOS,
                legacyLingerNanos,
                maximumMembers,
                windowChunks,
                RECEIVE_BUFFER_BYTES,
                "coordinator",
                delivery,
                acceptsLegacy);
        DatagramCodec codec = secrets.isEmpty()
                ? DatagramCodec.PLAIN
                : new CoordinatorCodec(secrets, SealingCipher.AES_128_GCM, settings, keyLimits, new Random(-seed));
        coordinator = new CoordinatorSession(settings, new Random(seed), codec);
        network.add(COORDINATOR, coordinator);
        return coordinator;
    }

    /** A node and its state machine. */
    final class Node {

        final InetSocketAddress address;
        final MemberSession session;
        final DatagramCodec codec;

        private Node(InetSocketAddress address, int windowChunks) {
            this(address, windowChunks, secrets.isEmpty() ? null : secrets.get(0));
        }

        private Node(InetSocketAddress address, int windowChunks, @Nullable Secret secret) {
            this.address = address;
            int number = ++nodeCount;
            codec = secret == null
                    ? DatagramCodec.PLAIN
                    : new MemberCodec(secret, COORDINATOR, keyLimits, new Random(1000 + number));
            session = new MemberSession(
                    new MemberSettings(
                            COORDINATOR,
                            COORDINATOR_TIMEOUT_NANOS,
                            windowChunks,
                            RECEIVE_BUFFER_BYTES,
                            "member",
                            "",
                            interfaceBytes),
                    new Random(number),
                    codec);
            network.add(address, session);
            network.receiveMulticast(address);
            session.join(network.nowNanos());
        }

        /** What the coordinator knows of it. */
        NodeIdentity identity() {
            return new NodeIdentity("member", address, session.incarnation());
        }

        JoinedGroup<BarrierArrival> joinBarrier(int id) {
            return session.join(BarrierKind.BARRIER, id, network.nowNanos());
        }

        JoinedGroup<BroadcastReceiving> joinBroadcast(int id) {
            return session.join(BroadcastKind.BROADCAST, id, network.nowNanos());
        }
    }

    /** A node in the session. */
    Node member() {
        return member(MEMBER_WINDOW_CHUNKS);
    }

    Node member(InetSocketAddress address) {
        return joined(new Node(address, MEMBER_WINDOW_CHUNKS));
    }

    /** A node in the session that keeps so many chunks for a reader. */
    Node member(int windowChunks) {
        return joined(new Node(new InetSocketAddress("10.0.0.2", 10000 + nodeCount), windowChunks));
    }

    /** The process of a member starts anew at the address that it had before. */
    Node restart(Node node) {
        return joined(new Node(node.address, MEMBER_WINDOW_CHUNKS));
    }

    /** A node that asks to be in the session, with a secret or with none. */
    Node asking(@Nullable Secret secret) {
        return new Node(new InetSocketAddress("10.0.0.2", 10000 + nodeCount), MEMBER_WINDOW_CHUNKS, secret);
    }

    private Node joined(Node node) {
        network.runUntil(network.nowNanos() + SECONDS.toNanos(60), node.session::isJoined);
        return node;
    }

    void settle() {
        network.runFor(SECONDS.toNanos(3));
    }

    long now() {
        return network.nowNanos();
    }

    /** Has the coordinator get again, at once, what it was sent of a type; there must be something. */
    void replay(List<SimulatedNetwork.Transmission> sent, ChunkType type) {
        List<SimulatedNetwork.Transmission> late = sent.stream()
                .filter(one -> one.type() == type && !one.source().equals(COORDINATOR))
                .toList();
        assertThat(late).isNotEmpty();
        late.forEach(one -> coordinator.onDatagram(one.source(), ByteBuffer.wrap(one.bytes()), now()));
    }

    /** An answer to what a node asks, as it may come once more. */
    byte[] answerTo(Node node) {
        List<SimulatedNetwork.Transmission> sent = network.record();
        settle();
        return sent.stream()
                .filter(one -> one.type() == ChunkType.SESSION_WELCOME
                        && one.destination().equals(node.address))
                .findFirst()
                .orElseThrow()
                .bytes();
    }

    /** Writes a message that is too large to share its chunk, for which there must be room. */
    static void write(ManagedGroup<BroadcastSending> group, int message, long nowNanos) {
        group.work()
                .window()
                .write(ChunkType.BROADCAST_MESSAGE, ByteBuffer.allocate(300).putInt(0, message), nowNanos);
    }

    /** Reads the messages of one chunk that are here. */
    static List<Integer> read(JoinedGroup<BroadcastReceiving> group) {
        List<Integer> messages = new ArrayList<>();
        while (group.work().window().nextType() != null) {
            messages.add(ByteBuffer.wrap(readChunk(group)).getInt());
        }
        return messages;
    }

    /** Reads the next chunk, which must be here. */
    static byte[] readChunk(JoinedGroup<BroadcastReceiving> group) {
        byte[] payload = new byte[group.work().window().nextBytes()];
        // So late that a status report which comes of it tells nothing of the round trip.
        group.work().window().read(payload, 0, payload.length, Long.MAX_VALUE);
        return payload;
    }
}
