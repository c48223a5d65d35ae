package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.SimulatedNetwork.Transmission;
import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.RoundTripEstimator;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.round.LossPolicy;
import io.camure.wire.ChunkType;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many datagrams a round costs, and how soon a lost one is made up for. */
class RoundCostTest {

    private static final long ROUND_TRIP_NANOS = 2 * Faults.NONE.minimumDelayNanos();

    /** Who measures a short round trip repeats after the shortest timeout and the delay that an answer may have. */
    private static final long REPAIR_NANOS =
            RoundTripEstimator.MINIMUM_NANOS + BarrierRound.ACK_DELAY_NANOS + ROUND_TRIP_NANOS;

    private Session session = new Session();
    private ManagedGroup<BarrierRound> barrier;
    private final List<Session.Node> nodes = new ArrayList<>();
    private final List<JoinedGroup<BarrierArrival>> members = new ArrayList<>();

    private void join(int count) {
        barrier = session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        for (int i = 0; i < count; i++) {
            nodes.add(session.member());
        }
        nodes.forEach(node -> members.add(node.joinBarrier(0)));
        session.settle();
        assertThat(barrier.memberCount()).isEqualTo(count);
    }

    private void arrive() {
        members.forEach(member -> member.work().arrive(session.now()));
        barrier.work().arrive(session.now());
    }

    private boolean isEverybodyReleasedFrom(long round) {
        return barrier.work().outcome().round() >= round
                && members.stream().allMatch(member -> member.work().outcome().round() >= round);
    }

    /** All arrive at once, and once more as soon as they are released; gives back how long that took. */
    private long passRounds(int count) {
        long startNanos = session.now();
        for (int i = 0; i < count; i++) {
            long round = barrier.work().outcome().round() + 1;
            arrive();
            session.network.runUntil(startNanos + SECONDS.toNanos(600), () -> isEverybodyReleasedFrom(round));
            assertThat(isEverybodyReleasedFrom(round)).isTrue();
        }
        return session.now() - startNanos;
    }

    /** Without the sign of life that each member asks for once in a heartbeat interval. */
    private static List<Transmission> ofRounds(List<Transmission> sent) {
        return sent.stream()
                .filter(t -> t.type() != ChunkType.SESSION_JOIN && t.type() != ChunkType.SESSION_WELCOME)
                .toList();
    }

    private long retransmissions() {
        return session.coordinator.counters().retransmissions() + memberRetransmissions();
    }

    private long memberRetransmissions() {
        return nodes.stream()
                .mapToLong(node -> node.session.counters().retransmissions())
                .sum();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void aRoundOfNodesThatArrivePromptlyCostsOneDatagramForEachOfThem(int count) {
        join(count);
        passRounds(1);
        List<Transmission> sent = session.network.record();
        passRounds(100);

        assertThat(sent).filteredOn(t -> t.type() == ChunkType.BARRIER_RELEASED).hasSize(100);
        assertThat(sent).filteredOn(t -> t.type() == ChunkType.BARRIER_REACHED).hasSize(100 * count);
        assertThat(ofRounds(sent)).hasSize(100 * (count + 1));
        assertThat(retransmissions()).isZero();
    }

    @Test
    void whoWaitsForALateMemberIsAnsweredOnceAndRepeatsNothing() {
        join(3);
        passRounds(20);
        List<Transmission> sent = session.network.record();
        barrier.work().arrive(session.now());
        members.get(0).work().arrive(session.now());
        members.get(1).work().arrive(session.now());
        session.network.runFor(MILLISECONDS.toNanos(900));

        assertThat(sent)
                .filteredOn(t -> t.type() == ChunkType.GROUP_ACK && t.source().equals(Session.COORDINATOR))
                .extracting(Transmission::destination)
                .containsExactly(nodes.get(0).address, nodes.get(1).address);
        assertThat(sent).filteredOn(t -> t.type() == ChunkType.BARRIER_REACHED).hasSize(2);
        assertThat(sent)
                .filteredOn(t -> t.type() == ChunkType.GROUP_ACK && t.source().equals(nodes.get(2).address))
                .as("the late one acknowledges the last release by itself")
                .hasSize(1);
        assertThat(retransmissions()).isZero();

        members.get(2).work().arrive(session.now());
        session.network.runFor(ROUND_TRIP_NANOS);
        assertThat(isEverybodyReleasedFrom(20)).isTrue();
    }

    @Test
    void aLostArrivalIsRepeatedOnceTheAnswerIsOverdue() {
        join(3);
        passRounds(20);
        int[] arrivals = {0};
        session.network.dropIf(
                (source, destination, chunk) -> chunk.type() == ChunkType.BARRIER_REACHED && arrivals[0]++ == 0);

        assertThat(passRounds(1)).isBetween(RoundTripEstimator.MINIMUM_NANOS, REPAIR_NANOS);
        assertThat(memberRetransmissions()).isOne();
    }

    @Test
    void aLostReleaseIsRepeatedToWhoLacksItOnceTheAcknowledgementIsOverdue() {
        join(3);
        passRounds(20);
        session.network.dropIf(
                (source, destination, chunk) -> chunk.type() == ChunkType.BARRIER_RELEASED && isFirstTo(destination));
        List<Transmission> sent = session.network.record();

        assertThat(passRounds(1)).isBetween(RoundTripEstimator.MINIMUM_NANOS, REPAIR_NANOS);
        assertThat(session.coordinator.counters().retransmissions()).isPositive();
        assertThat(sent)
                .filteredOn(t -> t.type() == ChunkType.BARRIER_RELEASED)
                .extracting(Transmission::destination)
                .startsWith(SimulatedNetwork.MULTICAST, nodes.get(1).address)
                .doesNotContain(nodes.get(0).address, nodes.get(2).address);
    }

    private int released;

    private boolean isFirstTo(InetSocketAddress destination) {
        return destination.equals(nodes.get(1).address) && released++ == 0;
    }

    @Test
    void aReleaseThatManyLackIsRepeatedByMulticast() {
        join(5);
        passRounds(20);
        int[] releases = {0};
        session.network.dropIf((source, destination, chunk) ->
                chunk.type() == ChunkType.BARRIER_RELEASED && releases[0]++ < members.size());
        // Their own repetitions, which are answered one by one, are lost.
        long round = barrier.work().outcome().round() + 1;
        arrive();
        session.network.runFor(ROUND_TRIP_NANOS);
        session.network.dropIf((source, destination, chunk) ->
                chunk.type() == ChunkType.BARRIER_RELEASED && releases[0]++ < members.size()
                        || chunk.type() == ChunkType.BARRIER_REACHED);
        List<Transmission> sent = session.network.record();
        session.network.runFor(REPAIR_NANOS);

        assertThat(isEverybodyReleasedFrom(round)).isTrue();
        assertThat(sent)
                .filteredOn(t -> t.type() == ChunkType.BARRIER_RELEASED)
                .extracting(Transmission::destination)
                .containsExactly(SimulatedNetwork.MULTICAST);
    }

    @Test
    void nobodyRepeatsAnythingOnASlowPathOnceItIsMeasured() {
        session = new Session(new Faults(0, 0, MILLISECONDS.toNanos(150), 0));
        join(3);
        passRounds(5);
        long before = retransmissions();
        List<Transmission> sent = session.network.record();
        passRounds(20);

        assertThat(retransmissions()).isEqualTo(before);
        assertThat(ofRounds(sent)).hasSize(20 * (members.size() + 1));
    }

    @Test
    void aPathThatGetsSlowIsMeasuredAnew() {
        join(3);
        passRounds(20);
        session.network.setFaults(new Faults(0, 0, MILLISECONDS.toNanos(150), 0));
        passRounds(10);
        long before = retransmissions();
        passRounds(20);

        assertThat(retransmissions()).isEqualTo(before);
    }

    @Test
    void aGroupThatGoesIdleIsSilentOnceItsLastReleaseIsAcknowledged() {
        join(3);
        passRounds(20);
        List<Transmission> sent = session.network.record();
        session.network.runFor(SECONDS.toNanos(60));

        assertThat(sent)
                .filteredOn(t -> t.type() == ChunkType.GROUP_ACK)
                .extracting(Transmission::source)
                .containsExactlyInAnyOrderElementsOf(
                        nodes.stream().map(node -> node.address).toList());
        assertThat(sent)
                .filteredOn(t -> t.type() != ChunkType.GROUP_ACK)
                .extracting(Transmission::type)
                .containsOnly(ChunkType.SESSION_JOIN, ChunkType.SESSION_WELCOME);
        assertThat(barrier.work().isDrained()).isTrue();
        assertThat(barrier.work().nextDeadlineNanos()).isEqualTo(RetryTimer.NEVER);
        assertThat(members).allMatch(member -> member.work().nextDeadlineNanos() == RetryTimer.NEVER);
        assertThat(retransmissions()).isZero();
    }

    @Test
    @Tag("long")
    void aThousandMembersPassARoundWithADatagramEach() {
        join(1000);
        passRounds(1);
        List<Transmission> sent = session.network.record();
        passRounds(3);

        assertThat(ofRounds(sent)).hasSize(3 * 1001);
        assertThat(barrier.work().outcome().participants()).isEqualTo(1001);
    }

    @Test
    void tenThousandRoundsCostTwoDatagramsEach() {
        join(1);
        passRounds(1);
        List<Transmission> sent = session.network.record();
        passRounds(10_000);

        assertThat(ofRounds(sent)).hasSize(20_000);
        assertThat(session.now()).as("in virtual time").isLessThan(SECONDS.toNanos(600));
    }

    @Test
    void aRoundBeginsWithItsFirstArrival() {
        join(2);
        members.get(0).work().arrive(session.now());
        session.settle();
        long firstNanos = barrier.work().firstArrivalNanos();
        assertThat(firstNanos).isLessThan(session.now());
        barrier.work().arrive(session.now());
        assertThat(barrier.work().firstArrivalNanos()).isEqualTo(firstNanos);
        members.get(1).work().arrive(session.now());
        session.settle();
        assertThat(isEverybodyReleasedFrom(0)).isTrue();

        barrier.work().arrive(session.now());
        assertThat(barrier.work().firstArrivalNanos()).isEqualTo(session.now());
    }
}
