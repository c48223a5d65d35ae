package io.camure.protocol;

import static io.camure.protocol.MeasuredBarrier.ONE_WAY_NANOS;
import static io.camure.protocol.MeasuredBarrier.ROUND_TRIP_NANOS;
import static io.camure.protocol.MeasuredBarrier.SLOWER_TRIP_NANOS;
import static io.camure.protocol.MeasuredBarrier.SLOWER_WAY_NANOS;
import static io.camure.protocol.MeasuredBarrier.smoothed;
import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierRound;
import io.camure.wire.ChunkType;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the coordinator of a barrier takes for a round trip: a release and what acknowledges it, never the time that a member waited. */
class ReleaseRoundTripTest {

    private final MeasuredBarrier barrier = new MeasuredBarrier();
    private final Session session = barrier.session;

    @Test
    void theTimeThatMembersTakeToAcknowledgeAReleaseIsNotMeasured() {
        for (int i = 0; i < 5; i++) {
            barrier.passRound(1);
        }

        assertThat(barrier.roundTripNanos()).isEqualTo(ROUND_TRIP_NANOS);
    }

    @Test
    void theTimeThatMembersTakeToArriveAtTheNextRoundIsNotMeasured() {
        barrier.passRound(1);
        for (int i = 0; i < 5; i++) {
            barrier.arriveAtCoordinator();
            barrier.arriveAtMember(0);
            barrier.arriveAtMember(1);
            session.network.runFor(ROUND_TRIP_NANOS);
            barrier.pause();
        }

        assertThat(barrier.roundTripNanos()).isEqualTo(ROUND_TRIP_NANOS);
    }

    @Test
    void aReleaseIsMeasuredOnceForEachMember() {
        barrier.slowDown();
        List<SimulatedNetwork.Transmission> sent = session.network.record();
        barrier.passRound(1);
        long once = smoothed(ROUND_TRIP_NANOS, SLOWER_TRIP_NANOS, SLOWER_TRIP_NANOS);
        assertThat(barrier.roundTripNanos()).isEqualTo(once);

        // The acknowledgements come again, later.
        session.replay(sent, ChunkType.GROUP_ACK);
        assertThat(barrier.roundTripNanos()).isEqualTo(once);
    }

    @Test
    void theAnswerToARepeatedReleaseIsNotMeasuredButWaitedForFromThenOn() {
        InetSocketAddress deaf = barrier.nodes.get(0).address;
        barrier.drop(ChunkType.BARRIER_RELEASED, deaf, 1);
        barrier.arriveAtMember(0);
        barrier.arriveAtMember(1);
        barrier.arriveAtCoordinator();
        long releasedNanos = session.now() + ONE_WAY_NANOS;
        // It would ask by itself, and so be answered without a timer.
        int[] reached = {0};
        session.network.dropIf((source, destination, chunk) ->
                chunk.type() == ChunkType.BARRIER_RELEASED && deaf.equals(destination) && reached[0]++ == 0
                        || chunk.type() == ChunkType.BARRIER_REACHED
                                && session.now() > releasedNanos + MICROSECONDS.toNanos(1));
        session.settle();
        assertThat(barrier.arrivals.get(0).outcome().round()).isZero();

        assertThat(barrier.roundTripNanos()).isEqualTo(ROUND_TRIP_NANOS);
        // The release of the next round is repeated later than the first one was.
        session.network.dropIf(
                (source, destination, chunk) -> chunk.type() == ChunkType.BARRIER_RELEASED && deaf.equals(destination));
        barrier.arriveAtMember(0);
        barrier.arriveAtMember(1);
        barrier.arriveAtCoordinator();
        session.network.runUntil(
                session.now() + SECONDS.toNanos(1),
                () -> barrier.group.work().outcome().round() == 1);
        long repetitions = session.coordinator.counters().retransmissions();
        session.network.runFor(MILLISECONDS.toNanos(4) + ROUND_TRIP_NANOS);
        assertThat(session.coordinator.counters().retransmissions()).isEqualTo(repetitions);
        session.settle();
        assertThat(session.coordinator.counters().retransmissions()).isGreaterThan(repetitions);
    }

    @Test
    void theNextArrivalMeasuresTheReleaseThatItAcknowledges() {
        barrier.passRound(1);
        barrier.slowDown();
        for (int i = 0; i < 2; i++) {
            barrier.arriveAtMember(0);
            barrier.arriveAtMember(1);
            barrier.arriveAtCoordinator();
            session.network.runFor(SLOWER_TRIP_NANOS);
            barrier.pause();
        }
        barrier.arriveAtMember(0);
        barrier.arriveAtMember(1);
        session.network.runFor(SLOWER_WAY_NANOS);

        assertThat(barrier.group.work().arrivedMembers()).hasSize(2);
        // The release of the first of these rounds is acknowledged with the arrivals at the second, and so on.
        assertThat(barrier.roundTripNanos())
                .isEqualTo(smoothed(
                        ROUND_TRIP_NANOS, SLOWER_TRIP_NANOS, SLOWER_TRIP_NANOS, SLOWER_TRIP_NANOS, SLOWER_TRIP_NANOS));
    }

    @Test
    void anArrivalAfterALostAcknowledgementOfTheReleaseIsNotMeasured() {
        barrier.slowDown();
        barrier.drop(ChunkType.GROUP_ACK, barrier.nodes.get(0).address, 1);
        barrier.arriveAtMember(0);
        barrier.arriveAtMember(1);
        session.network.runFor(SLOWER_WAY_NANOS);
        barrier.arriveAtCoordinator();
        // The acknowledgements have left, and the release is not repeated yet.
        session.network.runFor(SLOWER_WAY_NANOS + BarrierRound.ACK_DELAY_NANOS + MICROSECONDS.toNanos(100));
        barrier.arriveAtMember(0);
        session.network.runFor(SLOWER_WAY_NANOS);

        assertThat(barrier.group.work().arrivedMembers()).hasSize(1);
        assertThat(session.coordinator.counters().retransmissions()).isZero();
        assertThat(barrier.roundTripNanos())
                .as("of the other one's acknowledgement")
                .isEqualTo(smoothed(ROUND_TRIP_NANOS, SLOWER_TRIP_NANOS));
    }

    @Test
    void theRoundAfterARepetitionIsMeasuredAsEver() {
        barrier.drop(ChunkType.BARRIER_RELEASED, barrier.nodes.get(0).address, 3);
        barrier.arriveAtMember(0);
        barrier.arriveAtMember(1);
        barrier.arriveAtCoordinator();
        session.settle();
        session.network.dropIf((source, destination, chunk) -> false);
        assertThat(barrier.roundTripNanos()).isEqualTo(ROUND_TRIP_NANOS);
        barrier.slowDown();
        barrier.passRound(0);

        assertThat(barrier.roundTripNanos())
                .isEqualTo(smoothed(ROUND_TRIP_NANOS, SLOWER_TRIP_NANOS, SLOWER_TRIP_NANOS));
        assertThat(barrier.memberRoundTrip(0)).isEqualTo(smoothed(ROUND_TRIP_NANOS, SLOWER_TRIP_NANOS));
    }
}
