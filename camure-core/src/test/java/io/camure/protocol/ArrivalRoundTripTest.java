package io.camure.protocol;

import static io.camure.protocol.MeasuredBarrier.ONE_WAY_NANOS;
import static io.camure.protocol.MeasuredBarrier.ROUND_TRIP_NANOS;
import static io.camure.protocol.MeasuredBarrier.SLOWER_TRIP_NANOS;
import static io.camure.protocol.MeasuredBarrier.smoothed;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.group.MemberSettings;
import io.camure.protocol.session.MemberSession;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a member of a barrier takes for a round trip: an arrival and what answers it, never the time that somebody waited. */
class ArrivalRoundTripTest {

    private final MeasuredBarrier barrier = new MeasuredBarrier();
    private final Session session = barrier.session;

    @Test
    void whoArrivesLastMeasuresUntilTheReleaseAndNobodyElseDoes() {
        barrier.slowDown();
        barrier.passRound(1);

        assertThat(barrier.memberRoundTrip(1)).isEqualTo(smoothed(ROUND_TRIP_NANOS, SLOWER_TRIP_NANOS));
        assertThat(barrier.memberRoundTrip(0)).isEqualTo(ROUND_TRIP_NANOS);
    }

    @Test
    void nobodyTakesAReleaseForAnAnswerWhenTheCoordinatorArrivesLast() {
        barrier.slowDown();
        barrier.arriveAtMember(0);
        barrier.arriveAtMember(1);
        barrier.pause();
        barrier.arriveAtCoordinator();
        session.settle();

        assertThat(barrier.arrivals.get(0).outcome().round()).isZero();
        assertThat(barrier.memberRoundTrip(0)).isEqualTo(ROUND_TRIP_NANOS);
        assertThat(barrier.memberRoundTrip(1)).isEqualTo(ROUND_TRIP_NANOS);
    }

    @Test
    void theTimeThatTheCoordinatorTakesToAcknowledgeAnArrivalIsNotMeasured() {
        barrier.slowDown();
        barrier.arriveAtMember(0);
        session.network.runFor(SLOWER_TRIP_NANOS + 2 * BarrierRound.ACK_DELAY_NANOS);

        assertThat(barrier.memberRoundTrip(0)).isEqualTo(smoothed(ROUND_TRIP_NANOS, SLOWER_TRIP_NANOS));
    }

    @Test
    void anArrivalThatWasAcknowledgedIsNotMeasuredAgainByTheRelease() {
        barrier.arriveAtCoordinator();
        barrier.arriveAtMember(0);
        session.settle();
        assertThat(barrier.memberRoundTrip(0)).isEqualTo(ROUND_TRIP_NANOS);

        // The other one leaves, so that the one which has waited is the last that has arrived.
        barrier.joined.get(1).leave(session.now());
        session.settle();

        assertThat(barrier.arrivals.get(0).outcome().round()).isZero();
        assertThat(barrier.memberRoundTrip(0)).isEqualTo(ROUND_TRIP_NANOS);
    }

    @Test
    void anArrivalIsMeasuredFromWhenItWasMadeAlsoIfItIsMadeAgain() {
        barrier.slowDown();
        barrier.arriveAtMember(0);
        barrier.pause();
        barrier.arriveAtMember(0);
        session.settle();

        assertThat(barrier.memberRoundTrip(0)).isEqualTo(smoothed(ROUND_TRIP_NANOS, SLOWER_TRIP_NANOS));
    }

    @Test
    void theAcknowledgementOfARepeatedArrivalIsNotMeasuredButWaitedForFromThenOn() {
        InetSocketAddress address = barrier.nodes.get(0).address;
        barrier.drop(ChunkType.BARRIER_REACHED, address, 1);
        long arrivedNanos = session.now();
        barrier.arriveAtMember(0);
        long[] answeredNanos = {0};
        session.network.runUntil(session.now() + SECONDS.toNanos(1), () -> {
            if (answeredNanos[0] == 0
                    && barrier.arrivals.get(0).nextDeadlineNanos() - session.now() > SECONDS.toNanos(1) / 2) {
                answeredNanos[0] = session.now();
            }
            return answeredNanos[0] > 0;
        });
        long elapsedNanos = answeredNanos[0] - arrivedNanos;

        assertThat(elapsedNanos).isGreaterThan(MILLISECONDS.toNanos(2));
        assertThat(barrier.memberRoundTrip(0)).isEqualTo(ROUND_TRIP_NANOS);
        assertNextArrivalWaits(elapsedNanos);
    }

    /** The timer of the next arrival is what the last answer took, and the time that an answer may be held back. */
    private void assertNextArrivalWaits(long elapsedNanos) {
        session.network.dropIf((source, destination, chunk) -> false);
        if (barrier.arrivals.get(0).outcome().round() < 0) {
            barrier.arriveAtMember(1);
            barrier.arriveAtCoordinator();
        }
        session.settle();
        barrier.arriveAtMember(0);
        assertThat(barrier.arrivals.get(0).nextDeadlineNanos() - session.now())
                .isEqualTo(elapsedNanos + BarrierRound.ACK_DELAY_NANOS);
    }

    @Test
    void aReleaseThatAnswersARepeatedArrivalIsNotMeasuredButWaitedForFromThenOn() {
        barrier.arriveAtCoordinator();
        barrier.arriveAtMember(1);
        session.settle();
        barrier.drop(ChunkType.BARRIER_REACHED, barrier.nodes.get(0).address, 1);
        long arrivedNanos = session.now();
        barrier.arriveAtMember(0);
        session.network.runUntil(
                session.now() + SECONDS.toNanos(1),
                () -> barrier.arrivals.get(0).outcome().round() == 0);
        long elapsedNanos = session.now() - arrivedNanos;

        assertThat(elapsedNanos).isGreaterThan(MILLISECONDS.toNanos(2));
        assertThat(barrier.memberRoundTrip(0)).isEqualTo(ROUND_TRIP_NANOS);
        assertNextArrivalWaits(elapsedNanos);
    }

    @Test
    void aReleaseTellsWhoArrivedLast() {
        List<SimulatedNetwork.Transmission> sent = session.network.record();
        barrier.passRound(0);
        barrier.passRound(1);

        assertThat(sent)
                .filteredOn(one -> one.type() == ChunkType.BARRIER_RELEASED)
                .extracting(SimulatedNetwork.Transmission::chunk)
                .extracting(ChunkReader::lastArrived)
                .doesNotContain(0)
                .doesNotHaveDuplicates()
                .hasSize(2);
    }

    @Test
    void whoWasAcknowledgedOrHadToRepeatInOneRoundMeasuresTheNextAsEver() {
        barrier.drop(ChunkType.BARRIER_REACHED, barrier.nodes.get(0).address, 1);
        barrier.arriveAtMember(0);
        session.settle();
        barrier.arriveAtMember(1);
        barrier.arriveAtCoordinator();
        session.settle();
        assertThat(barrier.memberRoundTrip(0)).isEqualTo(ROUND_TRIP_NANOS);
        barrier.slowDown();
        barrier.passRound(0);

        assertThat(barrier.memberRoundTrip(0)).isEqualTo(smoothed(ROUND_TRIP_NANOS, SLOWER_TRIP_NANOS));
    }

    private void replayAcksTo(int member, List<SimulatedNetwork.Transmission> sent) {
        List<SimulatedNetwork.Transmission> acks = sent.stream()
                .filter(one -> one.type() == ChunkType.GROUP_ACK
                        && one.destination().equals(barrier.nodes.get(member).address))
                .toList();
        assertThat(acks).isNotEmpty();
        acks.forEach(one -> barrier.nodes
                .get(member)
                .session
                .onDatagram(Session.COORDINATOR, ByteBuffer.wrap(one.bytes()), session.now()));
    }

    @Test
    void anAcknowledgementThatComesAgainOrLateIsNotMeasured() {
        List<SimulatedNetwork.Transmission> sent = session.network.record();
        barrier.arriveAtMember(0);
        session.network.runFor(MILLISECONDS.toNanos(10));
        replayAcksTo(0, sent);
        assertThat(barrier.memberRoundTrip(0)).as("again").isEqualTo(ROUND_TRIP_NANOS);

        barrier.arriveAtMember(1);
        barrier.arriveAtCoordinator();
        session.settle();
        replayAcksTo(0, sent);
        assertThat(barrier.memberRoundTrip(0)).as("after the round").isEqualTo(ROUND_TRIP_NANOS);

        List<SimulatedNetwork.Transmission> late = List.copyOf(sent);
        barrier.arriveAtMember(0);
        // Longer than the delay that the acknowledgement tells, and before this arrival is acknowledged itself.
        session.network.runFor(BarrierRound.ACK_DELAY_NANOS + ONE_WAY_NANOS);
        replayAcksTo(0, late);
        assertThat(barrier.memberRoundTrip(0)).as("in the next round").isEqualTo(ROUND_TRIP_NANOS);
    }

    @Test
    void anAcknowledgementOfAnArrivalThatWasNotMadeIsNotMeasured() {
        ByteBuffer ack = ByteBuffer.allocate(64);
        ChunkWriter.ack(
                ack, 0, 0, ChunkType.BARRIER_REACHED, 0, barrier.joined.get(0).membership());
        barrier.nodes.get(0).session.onDatagram(Session.COORDINATOR, ack.flip(), session.now());

        assertThat(barrier.memberRoundTrip(0)).isEqualTo(ROUND_TRIP_NANOS);
        assertThat(barrier.arrivals.get(0).nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theEndOfABrokenRoundIsNoAnswerToAnArrival() {
        InetSocketAddress unheard = barrier.nodes.get(0).address;
        session.network.dropIf(
                (source, destination, chunk) -> chunk.type() == ChunkType.BARRIER_REACHED && source.equals(unheard));
        barrier.arriveAtMember(0);
        barrier.arriveAtMember(1);
        session.network.runFor(MILLISECONDS.toNanos(50));
        barrier.group.work().reset(session.now());
        session.settle();
        assertThat(barrier.arrivals.get(0).outcome().broken()).isNotNull();
        session.network.dropIf((source, destination, chunk) -> false);

        barrier.arriveAtMember(0);
        assertThat(barrier.arrivals.get(0).nextDeadlineNanos() - session.now()).isLessThan(MILLISECONDS.toNanos(10));
    }

    @Test
    void anArrivalIsAcknowledgedInTimeThoughOthersFollow() {
        List<SimulatedNetwork.Transmission> sent = session.network.record();
        long arrivedNanos = session.now();
        barrier.arriveAtMember(0);
        barrier.pause();
        barrier.arriveAtMember(1);
        session.network.runFor(MILLISECONDS.toNanos(10));

        assertThat(sent)
                .filteredOn(one -> one.type() == ChunkType.GROUP_ACK)
                .extracting(SimulatedNetwork.Transmission::atNanos)
                .containsExactly(
                        arrivedNanos + ONE_WAY_NANOS + BarrierRound.ACK_DELAY_NANOS,
                        arrivedNanos + ONE_WAY_NANOS + BarrierRound.ACK_DELAY_NANOS);
    }

    @Test
    void anArrivalThatIsRepeatedThoughItWasAnsweredIsAnsweredAtOnce() {
        barrier.arriveAtMember(0);
        List<SimulatedNetwork.Transmission> sent = session.network.record();
        session.network.runFor(SECONDS.toNanos(3));

        assertThat(sent)
                .filteredOn(one -> one.type() == ChunkType.GROUP_ACK)
                .extracting(one -> one.chunk().delayMicros())
                .startsWith(NANOSECONDS.toMicros(BarrierRound.ACK_DELAY_NANOS), 0L)
                .hasSizeGreaterThan(1);
    }

    /** It does not say who arrived last, so that nobody can know whether it has answered. */
    @Test
    void theReleaseOfALegacyCoordinatorIsNotMeasured() {
        MemberSession member = new MemberSession(
                new MemberSettings(Session.COORDINATOR, SECONDS.toNanos(5), 64, 1 << 20, "member"), new Random(1));
        member.join(0);
        ByteBuffer datagram = ByteBuffer.allocate(64);
        ChunkWriter.sessionWelcome(datagram, SimulatedNetwork.MULTICAST, 508, SECONDS.toNanos(1));
        member.onDatagram(Session.COORDINATOR, datagram.flip(), 0);
        BarrierArrival arrival = member.join(BarrierKind.BARRIER, 0, 0).work();
        ChunkWriter.sequenced(datagram.clear(), ChunkType.GROUP_WELCOME, 0, 0);
        member.onDatagram(Session.COORDINATOR, datagram.flip(), ROUND_TRIP_NANOS);
        arrival.arrive(ROUND_TRIP_NANOS);
        ChunkWriter.sequenced(datagram.clear(), ChunkType.BARRIER_RELEASED, 0, 0);
        member.onDatagram(Session.COORDINATOR, datagram.flip(), SECONDS.toNanos(1));

        assertThat(arrival.outcome().round()).isZero();
        assertThat(member.roundTripNanos()).isEqualTo(ROUND_TRIP_NANOS);
    }
}
