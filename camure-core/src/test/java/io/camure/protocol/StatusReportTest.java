package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static io.camure.protocol.Session.COORDINATOR;
import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.SimulatedNetwork.Transmission;
import io.camure.protocol.base.RoundTripEstimator;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.window.ReceiveWindow;
import io.camure.protocol.window.SendWindow;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.SequenceNumbers;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How negotiated members say what they have of a broadcast, and what comes of that. */
class StatusReportTest {

    private static final long ROUND_TRIP_NANOS = 2 * Faults.NONE.minimumDelayNanos();

    private final Session session = new Session(Faults.NONE, 256);
    private final ManagedGroup<BroadcastSending> group =
            session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
    private final List<Session.Node> nodes = new ArrayList<>();
    private final List<JoinedGroup<BroadcastReceiving>> members = new ArrayList<>();
    private final List<List<Integer>> messages = new ArrayList<>();
    private int written;

    private void join(int count) {
        for (int i = 0; i < count; i++) {
            nodes.add(session.member(256));
            messages.add(new ArrayList<>());
        }
        nodes.forEach(node -> members.add(node.joinBroadcast(1)));
        session.settle();
        assertThat(group.memberCount()).isEqualTo(count);
    }

    private void write() {
        Session.write(group, written++, session.now());
    }

    private void read() {
        for (int i = 0; i < members.size(); i++) {
            messages.get(i).addAll(read(members.get(i)));
        }
    }

    /** Reads what is here, at the time that it is. */
    private List<Integer> read(JoinedGroup<BroadcastReceiving> member) {
        List<Integer> read = new ArrayList<>();
        ReceiveWindow window = member.work().window();
        while (window.nextType() != null) {
            byte[] payload = new byte[window.nextBytes()];
            window.read(payload, 0, payload.length, session.now());
            read.add(ByteBuffer.wrap(payload).getInt());
        }
        return read;
    }

    /** Writes and reads a stream of messages that are too large to share a chunk. */
    private void stream(int count) {
        for (int i = 0; i < count; i++) {
            session.network.runUntil(
                    session.now() + SECONDS.toNanos(60),
                    () -> group.work().window().room() > 0);
            write();
            session.network.runFor(MICROSECONDS.toNanos(20));
            read();
        }
        // What was gathered leaves.
        session.network.runFor(MILLISECONDS.toNanos(1));
        read();
    }

    private void assertEverybodyHasAll() {
        session.settle();
        read();
        assertThat(messages)
                .allSatisfy(got -> assertThat(got)
                        .hasSize(written)
                        .isEqualTo(IntStream.range(0, written).boxed().toList()));
        assertThat(group.work().window().isAcknowledged(group.work().window().nextSequence()))
                .isTrue();
    }

    private long retransmissions() {
        return session.coordinator.counters().retransmissions();
    }

    private static boolean isData(ChunkType type) {
        return type.isBroadcast();
    }

    private List<Transmission> dataOf(List<Transmission> sent) {
        return sent.stream().filter(t -> isData(t.type())).toList();
    }

    /** Loses the first transmission of the chunks that are written next, to certain members. */
    private void loseFirst(int ahead, InetSocketAddress... losers) {
        Map<InetSocketAddress, Integer> seen = new HashMap<>();
        int lost = SequenceNumbers.toWire(group.work().window().nextSequence() + ahead);
        session.network.dropIf((source, destination, chunk) -> isData(chunk.type())
                && chunk.sequence() == lost
                && List.of(losers).contains(destination)
                && seen.merge(destination, 1, Integer::sum) == 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aMemberThatMissesNothingAnswersOneOfThirtyTwoChunks(int count) {
        join(count);
        List<Transmission> sent = session.network.record();
        stream(3200);

        assertThat(sent)
                .filteredOn(t -> t.type() == ChunkType.BROADCAST_STATUS)
                .hasSizeBetween(85 * count, 100 * count);
        assertThat(dataOf(sent)).hasSize(3200);
        assertThat(sent).filteredOn(t -> t.type() == ChunkType.BROADCAST_QUERY).hasSizeLessThan(3);
        assertThat(retransmissions()).isZero();
        assertEverybodyHasAll();
    }

    @Test
    void aLostChunkIsHereARoundTripAfterTheNextOneHasShownTheGap() {
        join(2);
        stream(100);
        loseFirst(0, nodes.get(0).address);
        List<Transmission> sent = session.network.record();
        write();
        write();
        session.network.runFor(Faults.NONE.minimumDelayNanos() + SendWindow.GATHER_NANOS);
        session.network.runFor(ROUND_TRIP_NANOS);
        read();

        assertThat(messages.get(0)).hasSize(written);
        assertThat(dataOf(sent))
                .extracting(Transmission::destination)
                .containsExactly(SimulatedNetwork.MULTICAST, SimulatedNetwork.MULTICAST, nodes.get(0).address);
        assertThat(retransmissions()).isOne();
    }

    @Test
    void whatThreeLackIsRepeatedByMulticastAndWhatOneLacksIsNot() {
        join(4);
        stream(100);
        loseFirst(0, nodes.get(0).address, nodes.get(1).address, nodes.get(2).address);
        List<Transmission> sent = session.network.record();
        write();
        write();
        session.network.runFor(MILLISECONDS.toNanos(1));

        assertThat(dataOf(sent).stream().skip(2))
                .extracting(Transmission::destination)
                .as("two are served before the third one is heard")
                .containsExactly(nodes.get(0).address, nodes.get(1).address, SimulatedNetwork.MULTICAST);
        assertEverybodyHasAll();
    }

    @Test
    void aGapThatSeveralStatusReportsShowIsFilledOnce() {
        join(1);
        stream(100);
        loseFirst(0, nodes.get(0).address);
        write();
        write();
        session.network.runFor(SendWindow.GATHER_NANOS + Faults.NONE.minimumDelayNanos());
        // Asked again while the repetition is on its way, each time.
        for (int i = 0; i < 5; i++) {
            nodes.get(0).session.onDatagram(COORDINATOR, query(), session.now());
            session.network.runFor(ROUND_TRIP_NANOS / 10);
        }
        session.network.runFor(ROUND_TRIP_NANOS);

        assertThat(retransmissions()).isOne();
        assertEverybodyHasAll();
    }

    private ByteBuffer query() {
        ByteBuffer query = ByteBuffer.allocate(10);
        ChunkWriter.sequenced(
                query, ChunkType.BROADCAST_QUERY, 1, group.work().window().nextSequence());
        return query.flip();
    }

    @Test
    void aLostTailIsFoundByAQueryWithinTheTimeout() {
        join(2);
        stream(100);
        loseFirst(0, nodes.get(0).address, nodes.get(1).address);
        List<Transmission> sent = session.network.record();
        long startNanos = session.now();
        write();
        session.network.runFor(RoundTripEstimator.MINIMUM_NANOS + 3 * ROUND_TRIP_NANOS);
        read();

        assertThat(messages).allSatisfy(got -> assertThat(got).hasSize(written));
        assertThat(sent)
                .filteredOn(t -> t.type() == ChunkType.BROADCAST_QUERY)
                .isNotEmpty()
                .allSatisfy(t ->
                        assertThat(t.atNanos() - startNanos).isLessThanOrEqualTo(3 * RoundTripEstimator.MINIMUM_NANOS));
    }

    @Test
    void lostStatusReportsAndLostQueriesHoldNothingUpForEver() {
        join(2);
        stream(100);
        SplittableRandom random = new SplittableRandom(1);
        session.network.dropIf((source, destination, chunk) ->
                (chunk.type() == ChunkType.BROADCAST_STATUS || chunk.type() == ChunkType.BROADCAST_QUERY)
                        && random.nextInt(3) != 0);
        stream(1000);
        session.network.runUntil(
                session.now() + SECONDS.toNanos(60),
                () -> group.work().window().isAcknowledged(group.work().window().nextSequence()));

        assertEverybodyHasAll();
        assertThat(retransmissions()).as("what arrived is not sent again").isZero();
    }

    @Test
    void aSenderStopsAtTheRoomOfASlowReaderAndGoesOnWhenItReads() {
        join(2);
        List<Transmission> sent = session.network.record();
        fillUp();
        assertThat(dataOf(sent)).as("the room of the reader").hasSize(256);
        assertThat(retransmissions()).isZero();

        read();
        session.network.runFor(ROUND_TRIP_NANOS);
        assertThat(dataOf(sent)).hasSizeGreaterThan(256);
        while (!group.work().window().isAcknowledged(group.work().window().nextSequence())) {
            session.network.runFor(MILLISECONDS.toNanos(1));
            read();
        }
        assertEverybodyHasAll();
    }

    @Test
    void aSenderGoesOnThoughTheNewsThatTheReaderHasReadIsLost() {
        join(2);
        fillUp();
        session.network.dropIf((source, destination, chunk) -> chunk.type() == ChunkType.BROADCAST_STATUS);
        read();
        session.network.runFor(MILLISECONDS.toNanos(1));
        session.network.dropIf((source, destination, chunk) -> false);
        session.settle();
        read();

        assertEverybodyHasAll();
        assertThat(retransmissions()).isZero();
    }

    /** Writes until there is no more room, and lets long time pass. */
    private void fillUp() {
        for (int i = 0; i < 20; i++) {
            while (group.work().window().room() > 0) {
                write();
            }
            session.settle();
        }
        assertThat(group.work().window().nextSequence()).isGreaterThan(0);
        assertThat(written).isGreaterThan(256);
    }

    private void report(long first, long end, int room, byte... bitmap) {
        ByteBuffer report = ByteBuffer.allocate(64);
        ChunkWriter.broadcastStatus(report, 1, first, end, room, first, 0, 0);
        report.put(bitmap);
        session.coordinator.onDatagram(nodes.get(0).address, report.flip(), session.now());
    }

    private long dropped(DropReason reason) {
        return session.coordinator.counters().dropped(reason);
    }

    @Test
    void statusReportsThatCanNotBeTrueAreDroppedAndCounted() {
        join(1);
        stream(100);
        session.settle();
        long next = group.work().window().nextSequence();
        List<Transmission> sent = session.network.record();
        report(next + 1, next + 1, 256);
        report(next, next + 1, 256);
        report(next, next - 1, 256);
        assertThat(dropped(DropReason.OUT_OF_WINDOW)).isEqualTo(3);
        report(next - 1, next, 256);
        report(next - 50, next, 256);
        assertThat(dropped(DropReason.DUPLICATE)).isEqualTo(2);
        session.network.runFor(0);

        assertThat(sent).isEmpty();
        stream(10);
        assertEverybodyHasAll();
    }

    @Test
    void aBitmapThatClaimsMoreThanWasSentCountsOnlyForWhatWas() {
        join(1);
        stream(10);
        session.settle();
        long next = group.work().window().nextSequence();
        session.network.dropIf((source, destination, chunk) -> isData(chunk.type()));
        write();
        write();
        session.network.runFor(SendWindow.GATHER_NANOS);
        report(next, next + 2, 256, (byte) 0xFF, (byte) 0xFF);
        session.network.dropIf((source, destination, chunk) -> false);
        write();
        session.settle();
        read();

        assertThat(group.work().window().isAcknowledged(next + 1)).isTrue();
        assertThat(group.work().window().isAcknowledged(next + 2))
                .as("the second one it has claimed to have, and never gets")
                .isTrue();
        assertThat(messages.get(0)).hasSize(11);
    }

    @Test
    void numbersWrapOverSixteenBitsWhileStatusReportsAreLostAndReordered() {
        join(2);
        session.network.setFaults(new Faults(0.02, 0.02, 20_000, 60_000));
        stream(70_000);
        session.network.setFaults(Faults.NONE);

        assertEverybodyHasAll();
    }

    @Test
    void theLargestWindowAnswersQueriesWhenItIsFull() {
        Session.Node node = session.member(32768);
        node.joinBroadcast(1);
        session.settle();
        for (int i = 0; i < 32768; i++) {
            session.network.runUntil(
                    session.now() + SECONDS.toNanos(60),
                    () -> group.work().window().room() > 0);
            Session.write(group, i, session.now());
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
        join(1);
        for (int i = 0; i < 200; i++) {
            session.network.runUntil(
                    session.now() + SECONDS.toNanos(60),
                    () -> group.work().window().room() > 0);
            write();
        }
        session.settle();
        group.close(session.now());
        session.settle();
        assertThat(members.get(0).state()).isEqualTo(JoinedGroup.State.OUT);
        long reports = nodes.get(0).session.counters().statusReports();

        read();

        assertThat(messages.get(0)).hasSize(200);
        assertThat(nodes.get(0).session.counters().statusReports()).isEqualTo(reports);
    }
}
