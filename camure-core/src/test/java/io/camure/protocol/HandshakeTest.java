package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.SimulatedNetwork.Transmission;
import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.base.Disconnection;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.round.LossPolicy;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways into a group and out of it: how often what gets no answer is said again, and what counts as an answer. */
class HandshakeTest {

    private static final long JOIN_NANOS = MILLISECONDS.toNanos(30);

    private static List<Long> millisSinceFirst(List<Transmission> sent, ChunkType type) {
        List<Long> times = sent.stream()
                .filter(one -> one.type() == type)
                .map(Transmission::atNanos)
                .toList();
        return times.stream()
                .map(time -> NANOSECONDS.toMillis(time - times.get(0)))
                .toList();
    }

    @Test
    void aWelcomeThatGetsNoAnswerIsRepeatedLessAndLessOftenUntilTheAdmissionLapses() {
        Session session = new Session();
        ManagedGroup<BarrierRound> group =
                session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        Session.Node node = session.member();
        session.network.dropIf((source, destination, chunk) -> chunk.type() == ChunkType.GROUP_WELCOME);
        List<Transmission> sent = session.network.record();
        JoinedGroup<BarrierArrival> joining = node.joinBarrier(0);
        session.network.runFor(MILLISECONDS.toNanos(5001));

        assertThat(millisSinceFirst(sent, ChunkType.GROUP_WELCOME))
                .as("in each turn, between which the group goes on without it")
                .containsExactly(
                        0L, 100L, 300L, 800L, 900L, 1100L, 1500L, 2400L, 2500L, 2700L, 3100L, 4400L, 4500L, 4700L);
        assertThat(session.coordinator.counters().retransmissions()).isEqualTo(10);
        assertThat(group.hasOpenAdmission()).isFalse();
        assertThat(joining.disconnection())
                .extracting(Disconnection::detail)
                .asString()
                .contains("timeout");
    }

    @Test
    void whoDoesNotConfirmTheEndOfAGroupIsToldAgainLessAndLessOften() {
        Session session = new Session();
        ManagedGroup<BarrierRound> group =
                session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        Session.Node hears = session.member();
        Session.Node deaf = session.member();
        hears.joinBarrier(0);
        JoinedGroup<BarrierArrival> untold = deaf.joinBarrier(0);
        session.settle();
        session.network.dropIf((source, destination, chunk) ->
                chunk.type() == ChunkType.GROUP_DISCONNECTED && destination.equals(deaf.address));
        List<Transmission> sent = session.network.record();
        group.close(session.now());
        session.network.runFor(SECONDS.toNanos(3));

        sent.removeIf(one -> !one.destination().equals(deaf.address));
        assertThat(millisSinceFirst(sent, ChunkType.GROUP_DISCONNECTED))
                .containsExactly(0L, 20L, 60L, 140L, 300L, 620L, 1260L, 2260L);
        assertThat(group.isCloseConfirmed()).isFalse();
        session.network.dropIf((source, destination, chunk) -> false);
        session.settle();
        assertThat(group.isCloseConfirmed()).isTrue();
        assertThat(group.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(untold.disconnection()).extracting(Disconnection::cause).isEqualTo(Disconnection.Cause.GROUP_CLOSED);
    }

    private final LoneMember member = new LoneMember();

    /** When it sends a type in the time from now on until an end. */
    private List<Long> millisOf(ChunkType type, long endNanos) {
        List<Long> times = new ArrayList<>();
        while (member.session.nextDeadlineNanos() < endNanos) {
            if (member.passDeadline().contains(type)) {
                times.add(NANOSECONDS.toMillis(member.nowNanos));
            }
        }
        return times;
    }

    private JoinedGroup<BarrierArrival> join() {
        JoinedGroup<BarrierArrival> joining = member.session.join(BarrierKind.BARRIER, 0, member.nowNanos);
        assertThat(member.sentTypes()).containsExactly(ChunkType.GROUP_JOIN);
        return joining;
    }

    private void welcome(int round) {
        member.receive(chunk -> ChunkWriter.groupWelcome(chunk, 0, round, 3, LoneMember.ID, 0));
    }

    private JoinedGroup<BarrierArrival> joinAfter(long nanos) {
        JoinedGroup<BarrierArrival> joined = join();
        while (member.session.nextDeadlineNanos() < nanos) {
            member.passDeadline();
        }
        member.nowNanos = nanos;
        welcome(0);
        assertThat(member.sentTypes()).containsExactly(ChunkType.GROUP_ACK);
        assertThat(joined.state()).isEqualTo(JoinedGroup.State.JOINED);
        return joined;
    }

    @Test
    void whoAsksForAGroupInVainAsksLessAndLessOften() {
        member.inSession();
        join();

        assertThat(millisOf(ChunkType.GROUP_JOIN, SECONDS.toNanos(4)))
                .containsExactly(100L, 300L, 700L, 1500L, 2500L, 3500L);
        assertThat(member.session.counters().retransmissions()).isEqualTo(6);
    }

    @Test
    void theWayIntoAGroupIsARoundTrip() {
        member.inSession();
        joinAfter(JOIN_NANOS);
        assertThat(member.session.roundTripNanos()).isEqualTo(JOIN_NANOS);
    }

    @Test
    void theWayIntoAGroupThatWasAskedForTwiceIsNoRoundTrip() {
        member.inSession();
        joinAfter(MILLISECONDS.toNanos(101));

        assertThat(member.session.roundTripNanos()).isNegative();
    }

    /** Before, it may be on its way, and would be taken for the acknowledgement of the first round. */
    @ParameterizedTest
    @ValueSource(longs = {30, 4000})
    void aRepeatedWelcomeIsAcknowledgedOnceTheAcknowledgementMustHaveBeenLost(long joinMillis) {
        member.inSession();
        joinAfter(MILLISECONDS.toNanos(joinMillis));
        // A wait of more than 400 ms was the coordinator's application.
        long lostNanos = member.nowNanos + 2 * MILLISECONDS.toNanos(Math.min(joinMillis, 400));
        member.nowNanos = lostNanos;
        welcome(0);
        assertThat(member.sentTypes()).isEmpty();
        assertThat(member.session.counters().dropped(DropReason.DUPLICATE)).isOne();

        member.nowNanos = lostNanos + 1;
        welcome(0);
        assertThat(member.sentTypes()).containsExactly(ChunkType.GROUP_ACK);
    }

    @Test
    void aRepeatedWelcomeIsAcknowledgedAtOnceWhenTheFirstRoundIsHere() {
        member.inSession();
        JoinedGroup<BarrierArrival> joined = joinAfter(JOIN_NANOS);
        joined.work().arrive(member.nowNanos);
        member.receive(chunk -> ChunkWriter.barrierReleased(chunk, 0, 0, 2, 3, LoneMember.ID));
        assertThat(joined.work().outcome().round()).isZero();
        member.sent();
        welcome(0);

        assertThat(member.sent())
                .singleElement()
                .satisfies(ack -> assertThat(ack.acknowledgesWelcome()).isTrue())
                .extracting(ChunkReader::sequence)
                .isEqualTo(0);
    }

    @Test
    void aWelcomeWithAnotherNumberIsNotAcknowledgedHoweverLateItIs() {
        member.inSession();
        joinAfter(JOIN_NANOS);
        member.nowNanos = SECONDS.toNanos(1) / 2;
        welcome(1);

        assertThat(member.sentTypes()).isEmpty();
        assertThat(member.session.counters().dropped(DropReason.DUPLICATE)).isOne();
    }

    @Test
    void whoLeavesAGroupSaysSoAgainAndIsOutAtTheTimeoutWithoutAnAnswer() {
        member.inSession();
        JoinedGroup<BarrierArrival> joined = joinAfter(JOIN_NANOS);
        joined.leave(member.nowNanos);
        assertThat(member.sentTypes()).containsExactly(ChunkType.GROUP_LEAVE);
        // The first one after the timeout of a single measurement.
        List<Long> times = millisOf(ChunkType.GROUP_LEAVE, SECONDS.toNanos(3));
        assertThat(times).containsExactly(120L, 300L, 660L, 1380L, 2380L);

        while (joined.state() != JoinedGroup.State.OUT) {
            member.passDeadline();
            // So that the session is not lost meanwhile.
            member.receive(chunk -> ChunkWriter.sequenced(chunk, ChunkType.GROUP_ACK, 7, 0));
        }
        assertThat(member.nowNanos).isEqualTo(JOIN_NANOS + LoneMember.TIMEOUT_NANOS);
        assertThat(joined.disconnection())
                .isEqualTo(new Disconnection(Disconnection.Cause.LEFT, "left the group, without an answer"));
    }
}
