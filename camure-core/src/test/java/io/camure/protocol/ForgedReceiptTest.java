package io.camure.protocol;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.wire.ChunkHeader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.ReceiptProof;
import io.camure.wire.ReleaseProof;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Reports that a member has everything, by somebody who knows all numbers of its membership, but has not received what was sent: such
 * as who has seen a part of the traffic, or the member itself.
 */
class ForgedReceiptTest {

    private final DisturbedSession disturbed = new DisturbedSession();
    private final Session session = disturbed.session;
    private final ManagedGroup<BroadcastSending> broadcast = disturbed.broadcast;
    private final JoinedGroup<BroadcastReceiving> received = disturbed.received;

    private void report(long first, long end, int room, byte[] bitmap, long proof) {
        disturbed.stranger.toCoordinator(disturbed.node.address, chunk -> {
            ChunkWriter.broadcastStatus(chunk, 1, first, end, room, end - 1, 0, received.membership());
            chunk.put(bitmap);
            ChunkWriter.statusEpoch(chunk, broadcast.epoch());
            ReceiptProof.put(chunk, proof);
        });
    }

    private long unidentified() {
        return session.coordinator.counters().dropped(DropReason.UNIDENTIFIED);
    }

    /** Sends messages of which none arrives, and gives back the number of the first. */
    private long loseMessages(int count) {
        session.network.dropIf((source, destination, chunk) -> !source.equals(disturbed.node.address));
        long first = broadcast.work().window().nextSequence();
        for (int i = 0; i < count; i++) {
            Session.write(broadcast, disturbed.messages + i, session.now());
            session.network.runFor(MILLISECONDS.toNanos(1));
        }
        return first;
    }

    private void requireThatAllArrive(int count) {
        session.network.dropIf((source, destination, chunk) -> false);
        session.settle();
        assertThat(Session.read(received))
                .isEqualTo(IntStream.range(disturbed.messages, disturbed.messages + count)
                        .boxed()
                        .toList());
        disturbed.messages += count;
        assertThat(broadcast.isDrained()).isTrue();
        disturbed.requireThatAllGoesOn();
    }

    @Test
    void countForNothingThoughTheyTellMembershipAndEpoch() {
        loseMessages(3);
        long next = broadcast.work().window().nextSequence();
        long lastProof = received.work().window().receiptProof();
        for (long proof : new long[] {0, 1, lastProof, lastProof + 1, -1}) {
            report(next, next, 100, new byte[0], proof);
        }

        assertThat(unidentified()).isEqualTo(5);
        assertThat(broadcast.isDrained()).isFalse();
        assertThat(broadcast.work().window().receipts().lacking(next)).hasSize(1);
        requireThatAllArrive(3);
    }

    @Test
    void countForNoneOfSeveralChunksEither() {
        long first = loseMessages(4);
        long proof = received.work().window().receiptProof();
        report(first, first + 4, 100, new byte[] {(byte) 0xE0}, proof);
        assertThat(unidentified()).isOne();
        report(first, first + 4, 100, new byte[1], proof);
        assertThat(unidentified()).as("what is true is taken").isOne();

        requireThatAllArrive(4);
    }

    /** It is kept by the proof of what it has told before, too. */
    @Test
    void giveNoRoomThatIsNotThere() {
        long first = loseMessages(1);
        report(first, first, 1000, new byte[0], received.work().window().receiptProof() + 1);
        assertThat(broadcast.work().window().receipts().uses().get(0).keptChunks())
                .isLessThanOrEqualTo(64);
        assertThat(unidentified()).isOne();
        requireThatAllArrive(1);
    }

    @Test
    void ofWhoComesLateCountFromItsFirstChunkOn() {
        for (int i = 0; i < 50; i++) {
            disturbed.requireThatAllGoesOn();
        }
        Session.Node late = session.member();
        JoinedGroup<BroadcastReceiving> stream = late.joinBroadcast(1);
        session.settle();
        Session.write(broadcast, 7, session.now());
        session.network.runFor(SECONDS.toNanos(1));

        assertThat(Session.read(stream)).containsExactly(7);
        assertThat(broadcast.isDrained()).isTrue();
        assertThat(stream.work().window().receiptProof())
                .isNotZero()
                .isNotEqualTo(received.work().window().receiptProof());
        assertThat(unidentified()).isZero();
    }

    /** Otherwise the rounds would go on without a member that waits for the end of an earlier one, and is never told it. */
    @Test
    void ofAReleaseCountForNothingEither() {
        session.network.dropIf((source, destination, chunk) -> chunk.type() == ChunkType.BARRIER_RELEASED);
        disturbed.arrival.work().arrive(session.now());
        disturbed.barrier.work().arrive(session.now());
        session.network.runFor(MILLISECONDS.toNanos(1));
        long released = disturbed.barrier.work().outcome().round();
        int membership = disturbed.arrival.membership();
        for (long round = released + 1; round < released + 4; round++) {
            long next = round;
            disturbed.stranger.toCoordinator(disturbed.node.address, chunk -> {
                ChunkWriter.ack(chunk, 0, next - 1, ChunkType.BARRIER_RELEASED, 0, membership);
                ReleaseProof.put(chunk, 4711);
            });
            disturbed.stranger.toCoordinator(
                    disturbed.node.address, chunk -> ChunkWriter.barrierReached(chunk, 0, next, 0, membership));
            disturbed.barrier.work().arrive(session.now());
            session.network.runFor(MILLISECONDS.toNanos(1));
        }

        assertThat(disturbed.barrier.work().outcome().round()).isEqualTo(released);
        assertThat(disturbed.barrier.work().isDrained()).isFalse();
        assertThat(unidentified()).isGreaterThanOrEqualTo(2);
        session.network.dropIf((source, destination, chunk) -> false);
        session.settle();
        assertThat(disturbed.arrival.work().outcome().round()).isEqualTo(released);
        disturbed.requireThatAllGoesOn();
    }

    /** It can't prove any more what it has, and would keep the others from going on for ever. */
    @Test
    void ofAMemberThatHasTakenAForgedChunkEndWithItsMembership() {
        long next = broadcast.work().window().nextSequence();
        disturbed.stranger.toMember(disturbed.node, chunk -> {
            ChunkHeader.NONCED.write(chunk, ChunkType.BROADCAST_MESSAGE, 1, next, broadcast.epoch(), 4711);
            chunk.put(new byte[300]);
        });
        Session.write(broadcast, 7, session.now());
        session.network.runFor(Session.MEMBER_TIMEOUT_NANOS - SECONDS.toNanos(1));
        assertThat(broadcast.memberCount())
                .as("others may have forged its reports")
                .isOne();
        session.network.runFor(SECONDS.toNanos(3));

        assertThat(received.state()).isEqualTo(JoinedGroup.State.OUT);
        assertThat(received.disconnection().detail()).contains("somebody else has sent");
        assertThat(broadcast.isDrained()).isTrue();
        disturbed.node.session.removeGroup(received);
        JoinedGroup<BroadcastReceiving> again = disturbed.node.joinBroadcast(1);
        session.settle();
        Session.write(broadcast, 8, session.now());
        session.settle();
        assertThat(Session.read(again)).containsExactly(8);
    }

    @Test
    void thatSomebodyForgesPutNoMemberOutThatProvesItsOwn() {
        long endNanos = session.now() + 3 * Session.MEMBER_TIMEOUT_NANOS;
        while (session.now() < endNanos) {
            long next = broadcast.work().window().nextSequence();
            report(next, next, 100, new byte[0], 4711);
            session.network.runFor(MILLISECONDS.toNanos(100));
        }

        assertThat(unidentified()).isGreaterThan(100);
        disturbed.requireThatAllGoesOn();
    }

    @Test
    void areNotAskedForByMoreDatagramsThanBefore() {
        List<SimulatedNetwork.Transmission> sent = session.network.record();
        for (int i = 0; i < 20; i++) {
            disturbed.requireThatAllGoesOn();
        }

        assertThat(sent).filteredOn(one -> StreamedBroadcast.isData(one.type())).hasSize(20);
        assertThat(sent)
                .filteredOn(one -> one.type() == ChunkType.BROADCAST_NONCED)
                .as("read as what is in them")
                .isEmpty();
        assertThat(sent)
                .filteredOn(one -> one.type() == ChunkType.BROADCAST_MESSAGE)
                .allSatisfy(one -> assertThat(one.bytes()[0]).isEqualTo((byte) 57));
    }
}
