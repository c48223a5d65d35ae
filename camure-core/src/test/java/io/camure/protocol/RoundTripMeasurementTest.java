package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.barrier.LossPolicy;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.group.MemberSettings;
import io.camure.protocol.session.MemberSession;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a barrier takes for a round trip at either side: the way there and back, never the time that somebody waited. */
class RoundTripMeasurementTest {

    private static final long ONE_WAY_NANOS = MICROSECONDS.toNanos(400);
    private static final long ROUND_TRIP_NANOS = 2 * ONE_WAY_NANOS;

    /** Shorter than what a repetition or a separate acknowledgement would wait for. */
    private static final long PAUSE_NANOS = MILLISECONDS.toNanos(1);

    private static final long SLOWER_WAY_NANOS = MICROSECONDS.toNanos(800);
    private static final long SLOWER_TRIP_NANOS = 2 * SLOWER_WAY_NANOS;

    private final Session session = new Session(new Faults(0, 0, ONE_WAY_NANOS, 0));
    private final List<Session.Node> nodes = List.of(session.member(), session.member());
    private final List<BarrierArrival> arrivals = new ArrayList<>();
    private final List<JoinedGroup<BarrierArrival>> joined = new ArrayList<>();
    private ManagedGroup<BarrierRound> barrier;

    @BeforeEach
    void join() {
        barrier = session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        for (Session.Node node : nodes) {
            JoinedGroup<BarrierArrival> group = node.joinBarrier(0);
            joined.add(group);
            arrivals.add(group.work());
        }
        session.settle();
        assertThat(barrier.memberCount()).isEqualTo(2);
        assertThat(barrier.roundTripNanos()).as("of the welcomes").isEqualTo(ROUND_TRIP_NANOS);
        assertThat(memberRoundTrip(0)).as("of the join").isEqualTo(ROUND_TRIP_NANOS);
        assertThat(memberRoundTrip(1)).as("of the join").isEqualTo(ROUND_TRIP_NANOS);
    }

    private long memberRoundTrip(int member) {
        return nodes.get(member).session.roundTripNanos();
    }

    private void arriveAtMember(int member) {
        arrivals.get(member).arrive(session.now());
    }

    private void arriveAtCoordinator() {
        barrier.work().arrive(session.now());
    }

    private void pause() {
        session.network.runFor(PAUSE_NANOS);
    }

    /** All wait for each other, the given member comes last, and everybody has acknowledged everything after that. */
    private void passRound(int last) {
        arriveAtCoordinator();
        arriveAtMember(1 - last);
        pause();
        arriveAtMember(last);
        session.settle();
        assertThat(arrivals.get(0).outcome().round())
                .isEqualTo(barrier.work().outcome().round());
    }

    private void slowDown() {
        session.network.setFaults(new Faults(0, 0, SLOWER_WAY_NANOS, 0));
    }

    /** Smoothed by an eighth for each sample, as RFC 6298 has it. */
    private static long smoothed(long before, long... samples) {
        long result = before;
        for (long sample : samples) {
            result += (sample - result) / 8;
        }
        return result;
    }

    private void drop(ChunkType type, InetSocketAddress peer, int count) {
        int[] left = {count};
        session.network.dropIf((source, destination, chunk) ->
                chunk.type() == type && (peer.equals(source) || peer.equals(destination)) && left[0]-- > 0);
    }

    @Test
    void theTimeThatMembersTakeToAcknowledgeAReleaseIsNotMeasured() {
        for (int i = 0; i < 5; i++) {
            passRound(1);
        }

        assertThat(barrier.roundTripNanos()).isEqualTo(ROUND_TRIP_NANOS);
    }

    @Test
    void theTimeThatMembersTakeToArriveAtTheNextRoundIsNotMeasured() {
        passRound(1);
        for (int i = 0; i < 5; i++) {
            arriveAtCoordinator();
            arriveAtMember(0);
            arriveAtMember(1);
            session.network.runFor(ROUND_TRIP_NANOS);
            pause();
        }

        assertThat(barrier.roundTripNanos()).isEqualTo(ROUND_TRIP_NANOS);
    }

    @Test
    void aReleaseIsMeasuredOnceForEachMember() {
        slowDown();
        List<SimulatedNetwork.Transmission> sent = session.network.record();
        passRound(1);
        long once = smoothed(ROUND_TRIP_NANOS, SLOWER_TRIP_NANOS, SLOWER_TRIP_NANOS);
        assertThat(barrier.roundTripNanos()).isEqualTo(once);

        // The acknowledgements come again, later.
        sent.stream()
                .filter(one ->
                        one.type() == ChunkType.GROUP_ACK && !one.source().equals(Session.COORDINATOR))
                .toList()
                .forEach(one ->
                        session.coordinator.onDatagram(one.source(), ByteBuffer.wrap(one.bytes()), session.now()));
        assertThat(barrier.roundTripNanos()).isEqualTo(once);
    }

    @Test
    void theAnswerToARepeatedReleaseIsNotMeasuredButWaitedForFromThenOn() {
        InetSocketAddress deaf = nodes.get(0).address;
        drop(ChunkType.BARRIER_RELEASED, deaf, 1);
        arriveAtMember(0);
        arriveAtMember(1);
        arriveAtCoordinator();
        long releasedNanos = session.now() + ONE_WAY_NANOS;
        // It would ask by itself, and so be answered without a timer.
        int[] reached = {0};
        session.network.dropIf((source, destination, chunk) ->
                chunk.type() == ChunkType.BARRIER_RELEASED && deaf.equals(destination) && reached[0]++ == 0
                        || chunk.type() == ChunkType.BARRIER_REACHED
                                && session.now() > releasedNanos + MICROSECONDS.toNanos(1));
        session.settle();
        assertThat(arrivals.get(0).outcome().round()).isZero();

        assertThat(barrier.roundTripNanos()).isEqualTo(ROUND_TRIP_NANOS);
        // The release of the next round is repeated later than the first one was.
        session.network.dropIf((source, destination, chunk) -> false);
        arriveAtMember(0);
        arriveAtMember(1);
        arriveAtCoordinator();
        session.network.runUntil(
                session.now() + SECONDS.toNanos(1),
                () -> barrier.work().outcome().round() == 1);
        assertThat(barrier.work().nextDeadlineNanos() - session.now())
                .isGreaterThan(MILLISECONDS.toNanos(4) + ROUND_TRIP_NANOS);
    }

    @Test
    void whoArrivesLastMeasuresUntilTheReleaseAndNobodyElseDoes() {
        slowDown();
        passRound(1);

        assertThat(memberRoundTrip(1)).isEqualTo(smoothed(ROUND_TRIP_NANOS, SLOWER_TRIP_NANOS));
        assertThat(memberRoundTrip(0)).isEqualTo(ROUND_TRIP_NANOS);
    }

    @Test
    void nobodyTakesAReleaseForAnAnswerWhenTheCoordinatorArrivesLast() {
        slowDown();
        arriveAtMember(0);
        arriveAtMember(1);
        pause();
        arriveAtCoordinator();
        session.settle();

        assertThat(arrivals.get(0).outcome().round()).isZero();
        assertThat(memberRoundTrip(0)).isEqualTo(ROUND_TRIP_NANOS);
        assertThat(memberRoundTrip(1)).isEqualTo(ROUND_TRIP_NANOS);
    }

    @Test
    void theTimeThatTheCoordinatorTakesToAcknowledgeAnArrivalIsNotMeasured() {
        slowDown();
        arriveAtMember(0);
        session.network.runFor(SLOWER_TRIP_NANOS + 2 * BarrierRound.ACK_DELAY_NANOS);

        assertThat(memberRoundTrip(0)).isEqualTo(smoothed(ROUND_TRIP_NANOS, SLOWER_TRIP_NANOS));
    }

    @Test
    void anArrivalThatWasAcknowledgedIsNotMeasuredAgainByTheRelease() {
        arriveAtCoordinator();
        arriveAtMember(0);
        session.settle();
        assertThat(memberRoundTrip(0)).isEqualTo(ROUND_TRIP_NANOS);

        // The other one leaves, so that the one which has waited is the last that has arrived.
        joined.get(1).leave(session.now());
        session.settle();

        assertThat(arrivals.get(0).outcome().round()).isZero();
        assertThat(memberRoundTrip(0)).isEqualTo(ROUND_TRIP_NANOS);
    }

    @Test
    void anArrivalIsMeasuredFromWhenItWasMadeAlsoIfItIsMadeAgain() {
        slowDown();
        arriveAtMember(0);
        pause();
        arriveAtMember(0);
        session.settle();

        assertThat(memberRoundTrip(0)).isEqualTo(smoothed(ROUND_TRIP_NANOS, SLOWER_TRIP_NANOS));
    }

    @Test
    void theAcknowledgementOfARepeatedArrivalIsNotMeasuredButWaitedForFromThenOn() {
        InetSocketAddress address = nodes.get(0).address;
        drop(ChunkType.BARRIER_REACHED, address, 1);
        long arrivedNanos = session.now();
        arriveAtMember(0);
        long[] answeredNanos = {0};
        session.network.runUntil(session.now() + SECONDS.toNanos(1), () -> {
            if (answeredNanos[0] == 0 && arrivals.get(0).nextDeadlineNanos() - session.now() > SECONDS.toNanos(1) / 2) {
                answeredNanos[0] = session.now();
            }
            return answeredNanos[0] > 0;
        });
        long elapsedNanos = answeredNanos[0] - arrivedNanos;

        assertThat(elapsedNanos).isGreaterThan(MILLISECONDS.toNanos(2));
        assertThat(memberRoundTrip(0)).isEqualTo(ROUND_TRIP_NANOS);
        assertNextArrivalWaits(elapsedNanos);
    }

    /** The timer of the next arrival is what the last answer took, and the time that an answer may be held back. */
    private void assertNextArrivalWaits(long elapsedNanos) {
        session.network.dropIf((source, destination, chunk) -> false);
        if (arrivals.get(0).outcome().round() < 0) {
            arriveAtMember(1);
            arriveAtCoordinator();
        }
        session.settle();
        arriveAtMember(0);
        assertThat(arrivals.get(0).nextDeadlineNanos() - session.now())
                .isEqualTo(elapsedNanos + BarrierRound.ACK_DELAY_NANOS);
    }

    @Test
    void aReleaseThatAnswersARepeatedArrivalIsNotMeasuredButWaitedForFromThenOn() {
        arriveAtCoordinator();
        arriveAtMember(1);
        session.settle();
        drop(ChunkType.BARRIER_REACHED, nodes.get(0).address, 1);
        long arrivedNanos = session.now();
        arriveAtMember(0);
        session.network.runUntil(
                session.now() + SECONDS.toNanos(1),
                () -> arrivals.get(0).outcome().round() == 0);
        long elapsedNanos = session.now() - arrivedNanos;

        assertThat(elapsedNanos).isGreaterThan(MILLISECONDS.toNanos(2));
        assertThat(memberRoundTrip(0)).isEqualTo(ROUND_TRIP_NANOS);
        assertNextArrivalWaits(elapsedNanos);
    }

    @Test
    void aReleaseTellsWhoArrivedLast() {
        List<SimulatedNetwork.Transmission> sent = session.network.record();
        passRound(0);
        passRound(1);

        assertThat(sent)
                .filteredOn(one -> one.type() == ChunkType.BARRIER_RELEASED)
                .extracting(SimulatedNetwork.Transmission::chunk)
                .extracting(ChunkReader::lastArrived)
                .doesNotContain(0)
                .doesNotHaveDuplicates()
                .hasSize(2);
    }

    @Test
    void theNextArrivalMeasuresTheReleaseThatItAcknowledges() {
        passRound(1);
        slowDown();
        for (int i = 0; i < 2; i++) {
            arriveAtMember(0);
            arriveAtMember(1);
            arriveAtCoordinator();
            session.network.runFor(SLOWER_TRIP_NANOS);
            pause();
        }
        arriveAtMember(0);
        arriveAtMember(1);
        session.network.runFor(SLOWER_WAY_NANOS);

        assertThat(barrier.work().arrivedMembers()).hasSize(2);
        // The release of the first of these rounds is acknowledged with the arrivals at the second, and so on.
        assertThat(barrier.roundTripNanos())
                .isEqualTo(smoothed(
                        ROUND_TRIP_NANOS, SLOWER_TRIP_NANOS, SLOWER_TRIP_NANOS, SLOWER_TRIP_NANOS, SLOWER_TRIP_NANOS));
    }

    @Test
    void anArrivalAfterALostAcknowledgementOfTheReleaseIsNotMeasured() {
        slowDown();
        drop(ChunkType.GROUP_ACK, nodes.get(0).address, 1);
        arriveAtMember(0);
        arriveAtMember(1);
        session.network.runFor(SLOWER_WAY_NANOS);
        arriveAtCoordinator();
        // The acknowledgements have left, and the release is not repeated yet.
        session.network.runFor(SLOWER_WAY_NANOS + BarrierRound.ACK_DELAY_NANOS + MICROSECONDS.toNanos(100));
        arriveAtMember(0);
        session.network.runFor(SLOWER_WAY_NANOS);

        assertThat(barrier.work().arrivedMembers()).hasSize(1);
        assertThat(session.coordinator.counters().retransmissions()).isZero();
        assertThat(barrier.roundTripNanos())
                .as("of the other one's acknowledgement")
                .isEqualTo(smoothed(ROUND_TRIP_NANOS, SLOWER_TRIP_NANOS));
    }

    @Test
    void theRoundAfterARepetitionIsMeasuredAsEver() {
        drop(ChunkType.BARRIER_RELEASED, nodes.get(0).address, 3);
        arriveAtMember(0);
        arriveAtMember(1);
        arriveAtCoordinator();
        session.settle();
        session.network.dropIf((source, destination, chunk) -> false);
        assertThat(barrier.roundTripNanos()).isEqualTo(ROUND_TRIP_NANOS);
        slowDown();
        passRound(0);

        assertThat(barrier.roundTripNanos())
                .isEqualTo(smoothed(ROUND_TRIP_NANOS, SLOWER_TRIP_NANOS, SLOWER_TRIP_NANOS));
        assertThat(memberRoundTrip(0)).isEqualTo(smoothed(ROUND_TRIP_NANOS, SLOWER_TRIP_NANOS));
    }

    @Test
    void whoWasAcknowledgedOrHadToRepeatInOneRoundMeasuresTheNextAsEver() {
        drop(ChunkType.BARRIER_REACHED, nodes.get(0).address, 1);
        arriveAtMember(0);
        session.settle();
        arriveAtMember(1);
        arriveAtCoordinator();
        session.settle();
        assertThat(memberRoundTrip(0)).isEqualTo(ROUND_TRIP_NANOS);
        slowDown();
        passRound(0);

        assertThat(memberRoundTrip(0)).isEqualTo(smoothed(ROUND_TRIP_NANOS, SLOWER_TRIP_NANOS));
    }

    private void replayAcksTo(int member, List<SimulatedNetwork.Transmission> sent) {
        List<SimulatedNetwork.Transmission> acks = sent.stream()
                .filter(one ->
                        one.type() == ChunkType.GROUP_ACK && one.destination().equals(nodes.get(member).address))
                .toList();
        assertThat(acks).isNotEmpty();
        acks.forEach(one ->
                nodes.get(member).session.onDatagram(Session.COORDINATOR, ByteBuffer.wrap(one.bytes()), session.now()));
    }

    @Test
    void anAcknowledgementThatComesAgainOrLateIsNotMeasured() {
        List<SimulatedNetwork.Transmission> sent = session.network.record();
        arriveAtMember(0);
        session.network.runFor(MILLISECONDS.toNanos(10));
        replayAcksTo(0, sent);
        assertThat(memberRoundTrip(0)).as("again").isEqualTo(ROUND_TRIP_NANOS);

        arriveAtMember(1);
        arriveAtCoordinator();
        session.settle();
        replayAcksTo(0, sent);
        assertThat(memberRoundTrip(0)).as("after the round").isEqualTo(ROUND_TRIP_NANOS);

        List<SimulatedNetwork.Transmission> late = List.copyOf(sent);
        arriveAtMember(0);
        // Longer than the delay that the acknowledgement tells, and before this arrival is acknowledged itself.
        session.network.runFor(BarrierRound.ACK_DELAY_NANOS + ONE_WAY_NANOS);
        replayAcksTo(0, late);
        assertThat(memberRoundTrip(0)).as("in the next round").isEqualTo(ROUND_TRIP_NANOS);
    }

    @Test
    void anAcknowledgementOfAnArrivalThatWasNotMadeIsNotMeasured() {
        ByteBuffer ack = ByteBuffer.allocate(64);
        ChunkWriter.ack(ack, 0, 0, ChunkType.BARRIER_REACHED, 0, 0);
        nodes.get(0).session.onDatagram(Session.COORDINATOR, ack.flip(), session.now());

        assertThat(memberRoundTrip(0)).isEqualTo(ROUND_TRIP_NANOS);
        assertThat(arrivals.get(0).nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theEndOfABrokenRoundIsNoAnswerToAnArrival() {
        InetSocketAddress unheard = nodes.get(0).address;
        session.network.dropIf(
                (source, destination, chunk) -> chunk.type() == ChunkType.BARRIER_REACHED && source.equals(unheard));
        arriveAtMember(0);
        arriveAtMember(1);
        session.network.runFor(MILLISECONDS.toNanos(50));
        barrier.work().reset(session.now());
        session.settle();
        assertThat(arrivals.get(0).outcome().broken()).isNotNull();
        session.network.dropIf((source, destination, chunk) -> false);

        arriveAtMember(0);
        assertThat(arrivals.get(0).nextDeadlineNanos() - session.now()).isLessThan(MILLISECONDS.toNanos(10));
    }

    @Test
    void anArrivalIsAcknowledgedInTimeThoughOthersFollow() {
        List<SimulatedNetwork.Transmission> sent = session.network.record();
        long arrivedNanos = session.now();
        arriveAtMember(0);
        pause();
        arriveAtMember(1);
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
        arriveAtMember(0);
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
                new MemberSettings(Session.COORDINATOR, SECONDS.toNanos(5), 64, 1 << 20), new Random(1));
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
