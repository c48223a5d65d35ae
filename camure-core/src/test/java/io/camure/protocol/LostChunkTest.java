package io.camure.protocol;

import static io.camure.protocol.Session.COORDINATOR;
import static io.camure.protocol.StreamedBroadcast.ROUND_TRIP_NANOS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.SimulatedNetwork.Transmission;
import io.camure.protocol.base.RoundTripEstimator;
import io.camure.protocol.window.SendWindow;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.SequenceNumbers;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a status report shows as missing is sent again, once and to who lacks it; a report that does not come is asked for. */
class LostChunkTest {

    private final StreamedBroadcast broadcast = new StreamedBroadcast();
    private final Session session = broadcast.session;

    /** Loses the first transmission of a chunk that is written next, to certain members. */
    private void loseFirst(int ahead, InetSocketAddress... losers) {
        Map<InetSocketAddress, Integer> seen = new HashMap<>();
        int lost = SequenceNumbers.toWire(broadcast.window().nextSequence() + ahead);
        session.network.dropIf((source, destination, chunk) -> StreamedBroadcast.isData(chunk.type())
                && chunk.sequence() == lost
                && List.of(losers).contains(destination)
                && seen.merge(destination, 1, Integer::sum) == 1);
    }

    @Test
    void aLostChunkIsHereARoundTripAfterTheNextOneHasShownTheGap() {
        broadcast.join(2);
        broadcast.stream(100);
        loseFirst(0, broadcast.nodes.get(0).address);
        List<Transmission> sent = session.network.record();
        broadcast.write();
        broadcast.write();
        session.network.runFor(Faults.NONE.minimumDelayNanos() + SendWindow.GATHER_NANOS);
        session.network.runFor(ROUND_TRIP_NANOS);
        broadcast.read();

        assertThat(broadcast.messages.get(0)).hasSize(broadcast.written);
        assertThat(broadcast.dataOf(sent))
                .extracting(Transmission::destination)
                .containsExactly(
                        SimulatedNetwork.MULTICAST, SimulatedNetwork.MULTICAST, broadcast.nodes.get(0).address);
        assertThat(broadcast.retransmissions()).isOne();
    }

    @Test
    void whatThreeLackIsRepeatedByMulticastAndWhatOneLacksIsNot() {
        broadcast.join(4);
        broadcast.stream(100);
        loseFirst(0, broadcast.nodes.get(0).address, broadcast.nodes.get(1).address, broadcast.nodes.get(2).address);
        List<Transmission> sent = session.network.record();
        broadcast.write();
        broadcast.write();
        session.network.runFor(MILLISECONDS.toNanos(1));

        assertThat(broadcast.dataOf(sent).stream().skip(2))
                .extracting(Transmission::destination)
                .as("two are served before the third one is heard")
                .containsExactly(
                        broadcast.nodes.get(0).address, broadcast.nodes.get(1).address, SimulatedNetwork.MULTICAST);
        broadcast.assertEverybodyHasAll();
    }

    @Test
    void aGapThatSeveralStatusReportsShowIsFilledOnce() {
        broadcast.join(1);
        broadcast.stream(100);
        loseFirst(0, broadcast.nodes.get(0).address);
        broadcast.write();
        broadcast.write();
        session.network.runFor(SendWindow.GATHER_NANOS + Faults.NONE.minimumDelayNanos());
        // Asked again while the repetition is on its way, each time.
        for (int i = 0; i < 5; i++) {
            broadcast.nodes.get(0).session.onDatagram(COORDINATOR, query(), session.now());
            session.network.runFor(ROUND_TRIP_NANOS / 10);
        }
        session.network.runFor(ROUND_TRIP_NANOS);

        assertThat(broadcast.retransmissions()).isOne();
        broadcast.assertEverybodyHasAll();
    }

    private ByteBuffer query() {
        ByteBuffer query = ByteBuffer.allocate(10);
        ChunkWriter.broadcastQuery(query, 1, broadcast.window().nextSequence(), broadcast.group.epoch());
        return query.flip();
    }

    @Test
    void aLostTailIsFoundByAQueryWithinTheTimeout() {
        broadcast.join(2);
        broadcast.stream(100);
        loseFirst(0, broadcast.nodes.get(0).address, broadcast.nodes.get(1).address);
        List<Transmission> sent = session.network.record();
        long startNanos = session.now();
        broadcast.write();
        session.network.runFor(RoundTripEstimator.MINIMUM_NANOS + 3 * ROUND_TRIP_NANOS);
        broadcast.read();

        assertThat(broadcast.messages).allSatisfy(got -> assertThat(got).hasSize(broadcast.written));
        assertThat(sent)
                .filteredOn(t -> t.type() == ChunkType.BROADCAST_QUERY)
                .isNotEmpty()
                .allSatisfy(t ->
                        assertThat(t.atNanos() - startNanos).isLessThanOrEqualTo(3 * RoundTripEstimator.MINIMUM_NANOS));
    }

    @Test
    void lostStatusReportsAndLostQueriesHoldNothingUpForEver() {
        broadcast.join(2);
        broadcast.stream(100);
        SplittableRandom random = new SplittableRandom(1);
        session.network.dropIf((source, destination, chunk) ->
                (chunk.type() == ChunkType.BROADCAST_STATUS || chunk.type() == ChunkType.BROADCAST_QUERY)
                        && random.nextInt(3) != 0);
        broadcast.stream(1000);
        session.network.runUntil(session.now() + SECONDS.toNanos(60), broadcast::isAcknowledged);

        broadcast.assertEverybodyHasAll();
        assertThat(broadcast.retransmissions())
                .as("what arrived is not sent again")
                .isZero();
    }
}
