package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static io.camure.protocol.Session.COORDINATOR;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.StateMachine;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.group.MemberSettings;
import io.camure.protocol.group.SessionSettings;
import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.session.CoordinatorSession;
import io.camure.protocol.session.MemberSession;
import io.camure.protocol.window.ReceiveWindow;
import io.camure.protocol.window.SendWindow;
import io.camure.wire.ChunkHeader;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.DropReason;
import io.camure.wire.GroupDelivery;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All that a session sends and takes passes its codec, which may make of a chunk what it wants. */
class SealedSessionTest {

    private static final InetSocketAddress MEMBER = new InetSocketAddress("10.0.0.2", 10000);
    private static final int DATAGRAM_BYTES = 600;
    private static final int MESSAGES = 40;

    private CoordinatorSession coordinator = coordinator(true);
    private MemberSession member = member(2);
    private final List<byte[]> sent = new ArrayList<>();
    private int longestRun;
    private boolean corrupting;
    private int lost;
    private long nowNanos;

    /** Every byte changed, a number in front and a checksum behind; each datagram other than the one before. */
    private static final class ScramblingCodec implements DatagramCodec {

        private static final int HEADER_BYTES = 9;
        private static final int OVERHEAD_BYTES = HEADER_BYTES + Long.BYTES;
        private static final byte SEALED = 99;

        private final ByteBuffer sealed = ByteBuffer.allocateDirect(1 << 17);
        private final ByteBuffer opened = ByteBuffer.allocateDirect(1 << 11);
        private long number;

        @Override
        public int overheadBytes() {
            return OVERHEAD_BYTES;
        }

        @Override
        public @Nullable DropReason open(InetSocketAddress source, ByteBuffer datagram, ChunkReader chunk) {
            int start = datagram.position();
            int bytes = datagram.remaining() - OVERHEAD_BYTES;
            if (bytes < 0 || datagram.get(start) != SEALED) {
                return DropReason.UNKNOWN_CHUNK;
            }
            long key = datagram.getLong(start + 1);
            opened.clear();
            for (int i = 0; i < bytes; i++) {
                opened.put((byte) (datagram.get(start + HEADER_BYTES + i) ^ key + i));
            }
            return datagram.getLong(start + HEADER_BYTES + bytes) == checksum(opened, 0, bytes)
                    ? chunk.read(opened.flip())
                    : DropReason.BAD_FIELD;
        }

        private static long checksum(ByteBuffer chunk, int start, int bytes) {
            CRC32 crc = new CRC32();
            crc.update(chunk.slice(start, bytes));
            return crc.getValue();
        }

        @Override
        public void seal(
                ByteBuffer datagrams, int datagramBytes, InetSocketAddress destination, Transmitter transmitter) {
            sealed.clear();
            for (int start = datagrams.position(); start < datagrams.limit(); start += datagramBytes) {
                int bytes = Math.min(datagramBytes, datagrams.limit() - start);
                number += 0x9E3779B97F4A7C15L;
                sealed.put(SEALED).putLong(number);
                for (int i = 0; i < bytes; i++) {
                    sealed.put((byte) (datagrams.get(start + i) ^ number + i));
                }
                sealed.putLong(checksum(datagrams, start, bytes));
            }
            transmitter.send(sealed.flip(), datagramBytes + OVERHEAD_BYTES, destination);
        }
    }

    private static CoordinatorSession coordinator(boolean acceptsLegacy) {
        return new CoordinatorSession(
                new SessionSettings(
                        SimulatedNetwork.MULTICAST,
                        PathSizes.given(DATAGRAM_BYTES),
                        SECONDS.toNanos(1),
                        SECONDS.toNanos(5),
                        0,
                        10,
                        64,
                        1 << 20,
                        "coordinator",
                        GroupDelivery.MULTICAST,
                        acceptsLegacy),
                new Random(1),
                new ScramblingCodec());
    }

    private static MemberSession member(long seed) {
        return new MemberSession(
                new MemberSettings(COORDINATOR, SECONDS.toNanos(5), 64, 1 << 20, "member"),
                new Random(seed),
                new ScramblingCodec());
    }

    private void deliver(ByteBuffer datagrams, int datagramBytes, InetSocketAddress source, StateMachine node) {
        longestRun = Math.max(longestRun, datagrams.remaining() / datagramBytes);
        for (int start = datagrams.position(); start < datagrams.limit(); start += datagramBytes) {
            byte[] bytes = new byte[Math.min(datagramBytes, datagrams.limit() - start)];
            datagrams.get(start, bytes);
            sent.add(bytes);
            if (lost > 0) {
                lost--;
                continue;
            }
            if (corrupting) {
                bytes[bytes.length / 2]++;
            }
            node.onDatagram(source, ByteBuffer.wrap(bytes), nowNanos);
        }
    }

    private void exchange() {
        for (int i = 0; i < 200; i++) {
            nowNanos += MILLISECONDS.toNanos(1);
            coordinator.outbox().transmit((run, bytes, destination) -> deliver(run, bytes, COORDINATOR, member));
            member.outbox().transmit((run, bytes, destination) -> deliver(run, bytes, MEMBER, coordinator));
            member.onDeadline(nowNanos);
            coordinator.onDeadline(nowNanos);
        }
    }

    @BeforeEach
    void joinSession() {
        member.join(nowNanos);
        exchange();
        assertThat(member.isJoined()).isTrue();
    }

    @Test
    void roundsPass() {
        BarrierRound rounds = coordinator
                .create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE)
                .work();
        BarrierArrival arrivals = member.join(BarrierKind.BARRIER, 0, nowNanos).work();
        exchange();
        arrivals.arrive(nowNanos);
        long round = rounds.arrive(nowNanos);
        exchange();

        assertThat(arrivals.outcome().round()).isEqualTo(round);
        assertEverythingIsSealed();
    }

    private void assertEverythingIsSealed() {
        assertThat(sent).isNotEmpty().allSatisfy(datagram -> {
            assertThat(datagram[0]).isEqualTo(ScramblingCodec.SEALED);
            assertThat(datagram).hasSizeLessThanOrEqualTo(DATAGRAM_BYTES);
        });
    }

    @Test
    void messagesArriveWholeAndFillTheirDatagrams() {
        SendWindow sending = coordinator
                .create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT)
                .work()
                .window();
        ReceiveWindow receiving =
                member.join(BroadcastKind.BROADCAST, 1, nowNanos).work().window();
        exchange();
        int bytes = sending.payloadBytes();
        for (int i = 0; i < MESSAGES; i++) {
            sending.write(
                    ChunkType.BROADCAST_MESSAGE, ByteBuffer.allocate(bytes).putInt(0, i), nowNanos);
        }
        // What is sent again is sealed anew.
        lost = 3;
        exchange();

        for (int i = 0; i < MESSAGES; i++) {
            byte[] message = new byte[receiving.nextBytes()];
            receiving.read(message, 0, message.length, nowNanos);
            assertThat(message).hasSize(bytes);
            assertThat(ByteBuffer.wrap(message).getInt()).isEqualTo(i);
        }
        assertThat(sending.isDrained()).isTrue();
        assertThat(longestRun).as("datagrams in a run").isGreaterThan(4);
        assertThat(sent.stream().mapToInt(datagram -> datagram.length).max()).hasValue(DATAGRAM_BYTES);
        assertThat(coordinator.counters().retransmissions()).isPositive();
        assertEverythingIsSealed();
    }

    /** Who is in the group can seal as the coordinator does. */
    @Test
    void aChunkThatAMemberForgesSpoilsAMessageAndKeepsNobodyFromWhatFollows() {
        coordinator = coordinator(false);
        member = member(3);
        joinSession();
        ManagedGroup<BroadcastSending> group =
                coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
        SendWindow sending = group.work().window();
        member.join(BroadcastKind.BROADCAST, 1, nowNanos);
        exchange();
        ByteBuffer forged = ByteBuffer.allocateDirect(DATAGRAM_BYTES);
        ChunkHeader.NONCED.write(forged, ChunkType.BROADCAST_MESSAGE, 1, sending.nextSequence(), group.epoch(), 4711);
        new ScramblingCodec()
                .seal(
                        forged.flip(),
                        forged.remaining(),
                        MEMBER,
                        (run, bytes, destination) -> deliver(run, bytes, COORDINATOR, member));
        for (int i = 0; i < MESSAGES; i++) {
            sending.write(ChunkType.BROADCAST_MESSAGE, ByteBuffer.allocate(100), nowNanos);
        }
        exchange();

        assertThat(sending.isDrained()).isTrue();
        assertThat(coordinator.counters().dropped(DropReason.UNIDENTIFIED)).isZero();
    }

    @Test
    void whatCannotBeOpenedChangesNothing() {
        BarrierRound rounds = coordinator
                .create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE)
                .work();
        BarrierArrival arrivals = member.join(BarrierKind.BARRIER, 0, nowNanos).work();
        exchange();
        corrupting = true;
        arrivals.arrive(nowNanos);
        exchange();

        assertThat(rounds.arrivedMembers()).isEmpty();
        assertThat(coordinator.counters().dropped(DropReason.BAD_FIELD)).isPositive();
    }
}
