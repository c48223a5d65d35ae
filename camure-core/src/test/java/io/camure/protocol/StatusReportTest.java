package io.camure.protocol;

import static io.camure.protocol.StreamedBroadcast.ROUND_TRIP_NANOS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.SimulatedNetwork.Transmission;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.window.SendWindow;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How negotiated members say what they have of a broadcast and what they have room for, and what comes of that. */
class StatusReportTest {

    private final StreamedBroadcast broadcast = new StreamedBroadcast();
    private final Session session = broadcast.session;

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aMemberThatMissesNothingAnswersOneOfThirtyTwoChunks(int count) {
        broadcast.join(count);
        List<Transmission> sent = session.network.record();
        broadcast.stream(3200);

        assertThat(sent)
                .filteredOn(t -> t.type() == ChunkType.BROADCAST_STATUS)
                .hasSizeBetween(85 * count, 100 * count);
        assertThat(broadcast.dataOf(sent)).hasSize(3200);
        assertThat(sent).filteredOn(t -> t.type() == ChunkType.BROADCAST_QUERY).hasSizeLessThan(3);
        assertThat(broadcast.retransmissions()).isZero();
        broadcast.assertEverybodyHasAll();
    }

    @Test
    void aSenderStopsAtTheRoomOfASlowReaderAndGoesOnWhenItReads() {
        broadcast.join(2);
        List<Transmission> sent = session.network.record();
        broadcast.fillUp();
        assertThat(broadcast.dataOf(sent)).as("the room of the reader").hasSize(256);
        assertThat(broadcast.retransmissions()).isZero();

        broadcast.read();
        session.network.runFor(ROUND_TRIP_NANOS);
        assertThat(broadcast.dataOf(sent)).hasSizeGreaterThan(256);
        while (!broadcast.isAcknowledged()) {
            session.network.runFor(MILLISECONDS.toNanos(1));
            broadcast.read();
        }
        broadcast.assertEverybodyHasAll();
    }

    @Test
    void aSenderGoesOnThoughTheNewsThatTheReaderHasReadIsLost() {
        broadcast.join(2);
        broadcast.fillUp();
        session.network.dropIf((source, destination, chunk) -> chunk.type() == ChunkType.BROADCAST_STATUS);
        broadcast.read();
        session.network.runFor(MILLISECONDS.toNanos(1));
        session.network.dropIf((source, destination, chunk) -> false);
        session.settle();
        broadcast.read();

        broadcast.assertEverybodyHasAll();
        assertThat(broadcast.retransmissions()).isZero();
    }

    private void report(long first, long end, int room, byte... bitmap) {
        ByteBuffer report = ByteBuffer.allocate(64);
        ChunkWriter.broadcastStatus(
                report, 1, first, end, room, first, 0, broadcast.members.get(0).membership());
        report.put(bitmap);
        ChunkWriter.statusEpoch(report, broadcast.group.epoch());
        session.coordinator.onDatagram(broadcast.nodes.get(0).address, report.flip(), session.now());
    }

    private long dropped(DropReason reason) {
        return session.coordinator.counters().dropped(reason);
    }

    @Test
    void statusReportsThatCanNotBeTrueAreDroppedAndCounted() {
        broadcast.join(1);
        broadcast.stream(100);
        session.settle();
        long next = broadcast.window().nextSequence();
        List<Transmission> sent = session.network.record();
        report(next, next - 1, 256);
        assertThat(dropped(DropReason.UNIDENTIFIED))
                .as("there is no bitmap for that")
                .isOne();
        report(next - 1, next, 256);
        report(next - 50, next, 256, new byte[7]);
        assertThat(dropped(DropReason.DUPLICATE)).isEqualTo(2);
        session.network.runFor(0);

        assertThat(sent).isEmpty();
        broadcast.stream(10);
        broadcast.assertEverybodyHasAll();
    }

    /** Somebody else has sent it a chunk of a number that is yet to come. */
    @Test
    void aReportOfMoreChunksThanThereAreCountsForThoseThatThereAre() {
        broadcast.join(1);
        broadcast.stream(10);
        session.settle();
        long next = broadcast.window().nextSequence();
        session.network.dropIf((source, destination, chunk) -> chunk.type() == ChunkType.BROADCAST_STATUS);
        broadcast.write();
        session.settle();
        assertThat(broadcast.window().isAcknowledged(next + 1)).isFalse();
        report(next + 1, next + 65, 256, new byte[] {0, 0, 0, 0, 0, 0, 0, 2});

        assertThat(dropped(DropReason.OUT_OF_WINDOW)).isZero();
        assertThat(broadcast.window().isAcknowledged(next + 1)).isTrue();
    }

    @Test
    void aMemberThatWasSentAllThatIsYetToComeBySomebodyElseStopsNobody() {
        broadcast.join(1);
        broadcast.stream(10);
        session.settle();
        session.network.dropIf((source, destination, chunk) -> chunk.type() == ChunkType.BROADCAST_STATUS);
        for (int i = 0; i < 100; i++) {
            long next = broadcast.window().nextSequence();
            broadcast.write();
            session.network.runFor(MILLISECONDS.toNanos(1));
            report(next + 128, next + 128, 0);
            assertThat(broadcast.window().isAcknowledged(next + 1)).isTrue();
        }
    }

    @Test
    void aMemberThatOffersNextToNoWindowStopsNobody() {
        broadcast.join(1);
        Session.Node greedy = session.member(16);
        greedy.joinBroadcast(1);
        session.settle();
        List<Transmission> sent = session.network.record();
        for (int i = 0; i < 64; i++) {
            broadcast.write();
        }
        session.network.runFor(SendWindow.GATHER_NANOS);

        assertThat(broadcast.dataOf(sent)).hasSizeGreaterThanOrEqualTo(64);
    }

    @Test
    void aBitmapThatClaimsMoreThanWasSentCountsOnlyForWhatWas() {
        broadcast.join(1);
        broadcast.stream(10);
        session.settle();
        long next = broadcast.window().nextSequence();
        session.network.dropIf((source, destination, chunk) -> StreamedBroadcast.isData(chunk.type()));
        broadcast.write();
        broadcast.write();
        session.network.runFor(SendWindow.GATHER_NANOS);
        report(next, next + 2, 256, (byte) 0xFF);
        session.network.dropIf((source, destination, chunk) -> false);
        broadcast.write();
        session.settle();
        broadcast.read();

        assertThat(broadcast.window().isAcknowledged(next + 1)).isTrue();
        assertThat(broadcast.window().isAcknowledged(next + 2))
                .as("the second one it has claimed to have, and never gets")
                .isTrue();
        assertThat(broadcast.messages.get(0)).hasSize(11);
    }

    @Test
    @Tag("long")
    void numbersWrapOverSixteenBitsWhileStatusReportsAreLostAndReordered() {
        broadcast.join(2);
        session.network.setFaults(new Faults(0.02, 0.02, 20_000, 60_000));
        broadcast.stream(70_000);
        session.network.setFaults(Faults.NONE);

        broadcast.assertEverybodyHasAll();
    }

    @Test
    void theLargestWindowAnswersQueriesWhenItIsFull() {
        Session.Node node = session.member(32768);
        node.joinBroadcast(1);
        session.settle();
        for (int i = 0; i < 32768; i++) {
            session.network.runUntil(
                    session.now() + SECONDS.toNanos(60),
                    () -> broadcast.window().room() > 0);
            Session.write(broadcast.group, i, session.now());
        }
        int[] queries = {0};
        session.network.dropIf((source, destination, chunk) -> {
            queries[0] += chunk.type() == ChunkType.BROADCAST_QUERY ? 1 : 0;
            return chunk.type() == ChunkType.BROADCAST_STATUS;
        });
        session.settle();
        assertThat(queries[0]).isPositive();
        assertThat(node.session.counters().dropped(DropReason.OUT_OF_WINDOW)).isZero();
    }

    @Test
    void whoIsOutSaysNothingMoreWhenWhatHadArrivedIsRead() {
        broadcast.join(1);
        for (int i = 0; i < 200; i++) {
            session.network.runUntil(
                    session.now() + SECONDS.toNanos(60),
                    () -> broadcast.window().room() > 0);
            broadcast.write();
        }
        session.settle();
        broadcast.group.close(session.now());
        session.settle();
        assertThat(broadcast.members.get(0).state()).isEqualTo(JoinedGroup.State.OUT);
        long reports = broadcast.nodes.get(0).session.counters().statusReports();

        broadcast.read();

        assertThat(broadcast.messages.get(0)).hasSize(200);
        assertThat(broadcast.nodes.get(0).session.counters().statusReports()).isEqualTo(reports);
    }
}
