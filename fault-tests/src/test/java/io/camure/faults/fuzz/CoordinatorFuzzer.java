package io.camure.faults.fuzz;

import static io.camure.faults.fuzz.FuzzedNode.check;

import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.Admission;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.group.SessionSettings;
import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.session.CoordinatorSession;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.Extension;
import io.camure.wire.GroupDelivery;
import io.camure.wire.GroupType;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** A coordinator with a barrier, a broadcast and a group that comes and goes: datagrams, time and commands as made up. */
public final class CoordinatorFuzzer {

    private static final int BARRIER = 0;
    private static final int BROADCAST = 1;
    private static final int PASSING = 2;

    private static final int MEMBERS = 5;
    private static final int WINDOW_CHUNKS = 16;

    /** The window for each broadcast, twice, and for each node in each group a few words. */
    private static final int MOST_DATAGRAMS = 2 * 2 * WINDOW_CHUNKS + 4 * 3 * MEMBERS;

    private static final InetSocketAddress[] SOURCES = new InetSocketAddress[MEMBERS + 3];

    private static final SessionSettings SETTINGS = new SessionSettings(
            new InetSocketAddress("239.255.74.0", 7401),
            PathSizes.given(FuzzedNode.CHUNK_BYTES),
            TimeUnit.SECONDS.toNanos(1),
            TimeUnit.SECONDS.toNanos(5),
            0,
            MEMBERS,
            WINDOW_CHUNKS,
            1 << 20,
            "coordinator",
            GroupDelivery.MULTICAST,
            true);

    static {
        for (int i = 0; i < SOURCES.length; i++) {
            SOURCES[i] = FuzzedNode.address(2, 10000 + i);
        }
    }

    private final FuzzInput input;
    private final CoordinatorSession session = new CoordinatorSession(SETTINGS, new Random(1));
    private final FuzzedNode node = new FuzzedNode(session, MOST_DATAGRAMS, this::onSent);
    private final ManagedGroup<BarrierRound> barrier =
            session.create(BarrierKind.BARRIER, BARRIER, new Admission(true, 0), LossPolicy.BREAK);
    private final ManagedGroup<BroadcastSending> broadcast =
            session.create(BroadcastKind.BROADCAST, BROADCAST, new Admission(true, 0), SlowMemberPolicy.WAIT);
    private ManagedGroup<?> passing =
            session.create(BarrierKind.BARRIER, PASSING, new Admission(false, 1), LossPolicy.CONTINUE);
    private int openAccepts;

    /** The last sequence number that was sent in each group, which answers are near. */
    private final int[] sequences = new int[3];

    private CoordinatorFuzzer(FuzzInput input) {
        this.input = input;
    }

    public static void fuzzerTestOneInput(byte[] data) {
        new CoordinatorFuzzer(new FuzzInput(data)).run();
    }

    private void run() {
        long released = barrier.work().outcome().round();
        while (!input.isEmpty()) {
            step();
            check(session.peerCount() <= MEMBERS, "no more nodes than may be are in the session");
            check(barrier.memberCount() <= session.peerCount(), "members are nodes in the session");
            check(broadcast.memberCount() <= session.peerCount(), "members are nodes in the session");
            check(barrier.work().outcome().round() >= released, "rounds count up");
            released = barrier.work().outcome().round();
            check(broadcast.work().window().room() <= WINDOW_CHUNKS, "there is no more room than the window");
        }
    }

    private void step() {
        switch (input.below(8)) {
            case 0 -> node.receive(source(), input.bytes(input.next()));
            case 1 -> join();
            case 2, 3, 4 -> speak();
            case 5 -> node.pass(input.next());
            case 6 -> node.stop(input.next());
            default -> {
                command();
                node.transmit();
            }
        }
    }

    private InetSocketAddress source() {
        return SOURCES[input.below(SOURCES.length)];
    }

    private void join() {
        InetSocketAddress source = source();
        ByteBuffer datagram = ByteBuffer.allocate(FuzzedNode.CHUNK_BYTES);
        int group = input.below(5);
        if (group == 4) {
            ChunkWriter.session(datagram, ChunkType.SESSION_LEAVE);
        } else if (group == 3) {
            ChunkWriter.session(datagram, ChunkType.SESSION_JOIN);
        } else {
            ChunkWriter.groupJoin(datagram, group, group == BROADCAST ? GroupType.BROADCAST : GroupType.BARRIER);
        }
        int capabilities = input.next();
        if (capabilities < 0x80) {
            int window = input.next();
            int buffer = input.next() << 8;
            Extension offer = Extension.offer(capabilities, window, buffer, input.below(4));
            offer.withMemberId(group == 4 ? input.next() : 0)
                    .withMembership(input.below(4))
                    .write(datagram);
        }
        node.receive(source, datagram.flip());
    }

    /** Something with a sequence number near those that were sent, and whatever behind it. */
    private void speak() {
        InetSocketAddress source = source();
        ByteBuffer datagram = ByteBuffer.allocate(FuzzedNode.CHUNK_BYTES);
        int group = input.below(3);
        int sequence = sequences[group] + input.signed();
        switch (input.below(4)) {
            case 0 -> ChunkWriter.welcomeAck(datagram, group, sequence, input.below(4));
            case 1 -> ChunkWriter.ack(datagram, group, sequence, ChunkType.BARRIER_RELEASED, -1, input.below(4));
            case 2 -> ChunkWriter.barrierReached(datagram, group, sequence, -1, input.below(4));
            default ->
                ChunkWriter.broadcastStatus(
                        datagram,
                        group,
                        sequence,
                        sequence + input.signed(),
                        input.next(),
                        sequence + input.signed(),
                        input.next(),
                        input.below(4));
        }
        datagram.put(input.bytes(input.below(8)));
        node.receive(source, datagram.flip());
    }

    private void command() {
        long nowNanos = node.nowNanos();
        switch (input.below(9)) {
            case 0 -> barrier.work().arrive(nowNanos);
            case 1 -> write(ChunkType.BROADCAST_MESSAGE);
            case 2 -> write(ChunkType.BROADCAST_FIRST_FRAGMENT);
            case 3 -> write(ChunkType.BROADCAST_FINAL_FRAGMENT);
            case 4 -> broadcast.work().window().ask(nowNanos);
            case 5 -> broadcast.work().window().abandonMessage(nowNanos);
            case 6 -> barrier.work().reset(nowNanos);
            case 7 -> replacePassing(nowNanos);
            default -> accept(nowNanos);
        }
    }

    private void write(ChunkType type) {
        if (broadcast.work().window().room() > 0) {
            int bytes = Math.min(2 * input.next(), broadcast.work().window().payloadBytes());
            broadcast.work().window().write(type, ByteBuffer.allocate(bytes), node.nowNanos());
        }
    }

    private void replacePassing(long nowNanos) {
        int kind = input.below(3);
        passing.stop();
        passing.endAdmissions(nowNanos);
        node.transmit();
        passing.close(nowNanos);
        session.removeGroup(passing);
        openAccepts = 0;
        Admission admission = new Admission(input.below(2) == 0, input.below(3));
        passing = kind == 2
                ? session.create(BroadcastKind.BROADCAST, PASSING, admission, SlowMemberPolicy.WAIT)
                : session.create(
                        BarrierKind.BARRIER, PASSING, admission, kind == 1 ? LossPolicy.BREAK : LossPolicy.CONTINUE);
    }

    private void accept(long nowNanos) {
        if (openAccepts == 0) {
            passing.beginAccept(nowNanos);
            openAccepts++;
        } else {
            passing.pollAccepted();
            passing.endAccept();
            openAccepts--;
        }
    }

    private void onSent(ByteBuffer datagram) {
        if (datagram.remaining() > 4) {
            int group = datagram.getShort(1);
            if (group >= 0 && group < sequences.length) {
                sequences[group] = datagram.getShort(3);
            }
        }
    }
}
