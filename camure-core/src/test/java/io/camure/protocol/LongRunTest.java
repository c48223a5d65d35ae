package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static java.util.concurrent.TimeUnit.HOURS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.Admission;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.window.ReceiveWindow;
import io.camure.protocol.window.SendWindow;
import io.camure.wire.ChunkType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs that are long for the numbers on the wire; {@code ./simulate --long} makes longer ones. */
class LongRunTest {

    private static final boolean LONG = Boolean.getBoolean("camure.simulation.long");
    private static final int NUMBERS = 1 << 16;
    private static final int MEMBERS = 2;
    private static final int LARGE_MESSAGE_BYTES = 16 << 20;
    private static final Faults FIVE_PERCENT_LOSS = new Faults(0.05, 0.01, 20_000, 50_000);
    private static final Faults SOME_LOSS = new Faults(0.001, 0.001, 20_000, 10_000);

    private final List<Reader> readers = new ArrayList<>();
    private int messages;
    private int fragments;
    private int begun;
    private int fragment;

    /** Reads messages of a known number of fragments that are numbered through. */
    private final class Reader {

        private final Session session;
        private final JoinedGroup<BroadcastReceiving> group;
        private final byte[] chunk = new byte[Session.CHUNK_BYTES];
        private int read;
        private long bytes;

        Reader(Session session, JoinedGroup<BroadcastReceiving> group) {
            this.session = session;
            this.group = group;
        }

        void read() {
            ReceiveWindow window = group.work().window();
            for (ChunkType type = window.nextType(); type != null; type = window.nextType()) {
                int length = window.nextBytes();
                window.read(chunk, 0, length, session.now());
                int number = ByteBuffer.wrap(chunk).getInt();
                if (number != read || type != typeOf(read % fragments)) {
                    throw new AssertionError("got " + type + " " + number + " as chunk " + read);
                }
                read++;
                bytes += length;
            }
        }
    }

    private ChunkType typeOf(int index) {
        boolean first = index == 0;
        boolean last = index == fragments - 1;
        return first
                ? last ? ChunkType.BROADCAST_MESSAGE : ChunkType.BROADCAST_FIRST_FRAGMENT
                : last ? ChunkType.BROADCAST_FINAL_FRAGMENT : ChunkType.BROADCAST_FRAGMENT;
    }

    /** Sends messages of so many chunks each to all members, and has them read. */
    private void broadcast(int messageCount, int messageBytes) {
        Session session = new Session(FIVE_PERCENT_LOSS, 512);
        ManagedGroup<BroadcastSending> group = session.coordinator.create(
                BroadcastKind.BROADCAST, 0, new Admission(true, MEMBERS), SlowMemberPolicy.WAIT);
        for (int i = 0; i < MEMBERS; i++) {
            readers.add(new Reader(session, session.member(1024).joinBroadcast(0)));
        }
        session.settle();
        messages = messageCount;
        int payloadBytes = group.work().window().payloadBytes();
        fragments = (messageBytes + payloadBytes - 1) / payloadBytes;
        long firstNumber = group.work().window().nextSequence();
        session.network.addInvariant(() -> {
            write(session, group.work().window(), messageBytes);
            readers.forEach(Reader::read);
        });
        session.network.runUntil(HOURS.toNanos(100), this::isRead);

        assertThat(readers).allSatisfy(reader -> {
            assertThat(reader.group.disconnection()).isNull();
            assertThat(reader.bytes).isEqualTo((long) messages * messageBytes);
        });
        assertThat(session.network.lost()).isPositive();
        assertThat(group.work().window().nextSequence() - firstNumber).isEqualTo((long) messages * fragments);
    }

    private void write(Session session, SendWindow window, int messageBytes) {
        ByteBuffer payload = ByteBuffer.allocate(window.payloadBytes());
        for (int room = window.room(); room > 0 && window.room() > 0 && begun < messages; room--) {
            int restBytes = messageBytes - fragment * payload.capacity();
            payload.clear().putInt(0, begun * fragments + fragment).limit(Math.min(restBytes, payload.capacity()));
            window.write(typeOf(fragment), payload, session.now());
            fragment++;
            if (fragment == fragments) {
                fragment = 0;
                begun++;
            }
        }
        window.push(session.now());
    }

    private boolean isRead() {
        return readers.stream().allMatch(reader -> reader.read == messages * fragments);
    }

    @Test
    void numbersOfChunksWrapUnderLoss() {
        // Too large to share a chunk.
        broadcast((LONG ? 4 : 1) * NUMBERS + 1000, 300);
    }

    @Test
    void messagesOfMoreChunksThanHalfOfTheNumbersArriveWhole() {
        broadcast(LONG ? 20 : 1, LARGE_MESSAGE_BYTES);
        assertThat(fragments).isGreaterThan(NUMBERS / 2);
    }

    @Test
    void numbersOfRoundsWrapUnderLoss() {
        long rounds = LONG ? 1_000_000 : NUMBERS + 1000;
        Session session = new Session(SOME_LOSS);
        ManagedGroup<BarrierRound> barrier =
                session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        List<JoinedGroup<BarrierArrival>> members = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            members.add(session.member().joinBarrier(0));
        }
        session.settle();
        session.network.addInvariant(() -> {
            long released = barrier.work().outcome().round();
            members.forEach(member -> {
                long left = member.work().outcome().round();
                if (left > released || left < released - 1) {
                    throw new AssertionError("round " + left + " was left, and " + released + " was released");
                }
                member.work().arrive(session.now());
            });
            barrier.work().arrive(session.now());
        });
        session.network.runUntil(
                HOURS.toNanos(100), () -> barrier.work().outcome().round() >= rounds);

        assertThat(barrier.work().outcome().round()).isGreaterThanOrEqualTo(rounds);
        assertThat(barrier.work().outcome().participants()).isEqualTo(MEMBERS + 1);
        assertThat(session.network.lost()).isPositive();

        JoinedGroup<BarrierArrival> late = session.member().joinBarrier(0);
        session.settle();
        assertThat(late.work().arrive(session.now()))
                .as("the number of the round in full, at a member that has seen none before")
                .isBetween(
                        barrier.work().outcome().round(),
                        barrier.work().outcome().round() + 1);
        assertThat(late.work().generation()).isOne();
    }
}
