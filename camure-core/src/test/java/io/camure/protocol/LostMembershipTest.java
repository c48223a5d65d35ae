package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static io.camure.protocol.Session.COORDINATOR;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.barrier.LossPolicy;
import io.camure.protocol.base.Departure;
import io.camure.protocol.base.Disconnection;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.SequenceNumbers;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Memberships that end at the coordinator without the member having been told: it learns that all the same. */
class LostMembershipTest {

    private final Session session = new Session();
    private final ManagedGroup<BarrierRound> barrier =
            session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
    private final ManagedGroup<BroadcastSending> broadcast =
            session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);

    private void replay(List<SimulatedNetwork.Transmission> sent, ChunkType type) {
        List<SimulatedNetwork.Transmission> late =
                sent.stream().filter(one -> one.type() == type).toList();
        assertThat(late).isNotEmpty();
        late.forEach(one -> session.coordinator.onDatagram(one.source(), ByteBuffer.wrap(one.bytes()), session.now()));
    }

    private static void assertEvicted(JoinedGroup<?> group) {
        assertThat(group.disconnection()).extracting(Disconnection::cause).isEqualTo(Disconnection.Cause.EVICTED);
    }

    @Test
    void aMemberThatWasForgottenGetsIntoAGroupUnderItsNewName() {
        JoinedGroup<BarrierArrival> other = session.member().joinBarrier(0);
        Session.Node member = session.member();
        session.settle();
        // What it hears keeps it sure of the coordinator, which hears nothing of it.
        session.network.dropIf((source, destination, chunk) -> source.equals(member.address));
        long forgottenNanos = session.now() + Session.MEMBER_TIMEOUT_NANOS + SECONDS.toNanos(1);
        while (session.now() < forgottenNanos) {
            barrier.work().arrive(session.now());
            other.work().arrive(session.now());
            session.network.runFor(SECONDS.toNanos(1) / 10);
        }
        assertThat(session.coordinator.peerCount()).isEqualTo(1);
        session.network.dropIf((source, destination, chunk) ->
                source.equals(member.address) && chunk.type() == ChunkType.SESSION_JOIN);

        JoinedGroup<BroadcastReceiving> joining = member.joinBroadcast(1);
        session.network.runFor(SECONDS.toNanos(1) / 2);
        session.network.dropIf((source, destination, chunk) -> false);
        session.settle();
        assertEvicted(joining);
        member.session.removeGroup(joining);
        JoinedGroup<BroadcastReceiving> again = member.joinBroadcast(1);
        session.settle();
        assertThat(again.state()).isEqualTo(JoinedGroup.State.JOINED);
        assertThat(broadcast.memberCount()).isEqualTo(1);
    }

    @Test
    void aMemberWhoseAdmissionHasLapsedLearnsItThoughNothingIsSent() {
        Session.Node member = session.member();
        JoinedGroup<BarrierArrival> waiting = member.joinBarrier(0);
        session.settle();
        // So that it is not silent altogether.
        waiting.work().arrive(session.now());
        session.network.dropIf((source, destination, chunk) -> chunk.type() == ChunkType.GROUP_ACK
                || chunk.type() == ChunkType.BROADCAST_STATUS
                || chunk.type() == ChunkType.GROUP_DISCONNECTED);
        JoinedGroup<BroadcastReceiving> joined = member.joinBroadcast(1);
        session.network.runFor(Session.MEMBER_TIMEOUT_NANOS + SECONDS.toNanos(1));
        assertThat(joined.state()).isEqualTo(JoinedGroup.State.JOINED);
        assertThat(broadcast.hasOpenAdmission()).isFalse();
        session.network.dropIf((source, destination, chunk) -> false);
        session.settle();

        assertEvicted(joined);
    }

    @Test
    void aLateGoodbyeEndsNoMembershipThatWasBegunAfterIt() {
        List<SimulatedNetwork.Transmission> sent = session.network.record();
        Session.Node member = session.member();
        for (JoinedGroup<?> first : List.of(member.joinBarrier(0), member.joinBroadcast(1))) {
            session.settle();
            first.leave(session.now());
            session.settle();
            member.session.removeGroup(first);
        }
        JoinedGroup<BarrierArrival> arriving = member.joinBarrier(0);
        JoinedGroup<BroadcastReceiving> receiving = member.joinBroadcast(1);
        session.settle();
        replay(sent, ChunkType.GROUP_LEAVE);
        session.settle();

        assertThat(arriving.state()).isEqualTo(JoinedGroup.State.JOINED);
        assertThat(receiving.state()).isEqualTo(JoinedGroup.State.JOINED);
        assertThat(barrier.memberCount()).isEqualTo(1);
        assertThat(broadcast.memberCount()).isEqualTo(1);
    }

    @Test
    void aLateArrivalCountsForNoMembershipThatWasBegunAfterIt() {
        List<SimulatedNetwork.Transmission> sent = session.network.record();
        Session.Node member = session.member();
        JoinedGroup<BarrierArrival> first = member.joinBarrier(0);
        session.settle();
        first.work().arrive(session.now());
        first.leave(session.now());
        session.settle();
        member.session.removeGroup(first);
        JoinedGroup<BarrierArrival> again = member.joinBarrier(0);
        session.settle();
        barrier.work().arrive(session.now());
        replay(sent, ChunkType.BARRIER_REACHED);
        session.settle();

        assertThat(barrier.work().outcome().round()).isEqualTo(-1);
        again.work().arrive(session.now());
        session.settle();
        assertThat(barrier.work().outcome().round()).isZero();
    }

    @Test
    void aLateJoinBringsNobodyBackWhoHasLeft() {
        List<SimulatedNetwork.Transmission> sent = session.network.record();
        Session.Node member = session.member();
        JoinedGroup<BarrierArrival> joined = member.joinBarrier(0);
        session.settle();
        joined.leave(session.now());
        session.settle();
        replay(sent, ChunkType.GROUP_JOIN);

        assertThat(barrier.memberships()).isEmpty();
        assertThat(session.coordinator.counters().dropped(DropReason.EARLIER_INCARNATION))
                .isPositive();
    }

    @Test
    void whoJoinsAnewHasLeftThoughItsGoodbyeWasLost() {
        Session.Node member = session.member();
        JoinedGroup<BarrierArrival> first = member.joinBarrier(0);
        session.settle();
        session.network.dropIf((source, destination, chunk) -> chunk.type() == ChunkType.GROUP_LEAVE);
        first.leave(session.now());
        session.network.runFor(Session.COORDINATOR_TIMEOUT_NANOS + SECONDS.toNanos(1));
        assertThat(first.state()).isEqualTo(JoinedGroup.State.OUT);
        member.session.removeGroup(first);
        JoinedGroup<BarrierArrival> again = member.joinBarrier(0);
        session.settle();
        passARound(again);
    }

    @Test
    void theEndOfARoundIsNotTakenForThatOfALaterGroupWithTheSameId() {
        List<SimulatedNetwork.Transmission> sent = session.network.record();
        Session.Node member = session.member();
        JoinedGroup<BarrierArrival> first = member.joinBarrier(0);
        session.settle();
        passARound(first);
        barrier.stop();
        barrier.close(session.now());
        session.settle();
        session.coordinator.removeGroup(barrier);
        member.session.removeGroup(first);
        ManagedGroup<BarrierRound> later =
                session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        JoinedGroup<BarrierArrival> again = member.joinBarrier(0);
        session.settle();
        again.work().arrive(session.now());
        sent.stream()
                .filter(one -> one.type() == ChunkType.BARRIER_RELEASED)
                .forEach(one -> member.session.onDatagram(one.source(), ByteBuffer.wrap(one.bytes()), session.now()));

        assertThat(again.work().outcome().round()).isEqualTo(-1);
        later.work().arrive(session.now());
        session.settle();
        assertThat(again.work().outcome().round()).isZero();
    }

    @Test
    void aMemberThatHearsOthersServedButIsNotHeardItselfLosesTheSession() {
        Session.Node heard = session.member();
        JoinedGroup<BarrierArrival> arriving = heard.joinBarrier(0);
        Session.Node unheard = session.member();
        JoinedGroup<BarrierArrival> waiting = unheard.joinBarrier(0);
        session.settle();
        // Nor is it told that it was evicted.
        session.network.dropIf((source, destination, chunk) ->
                source.equals(unheard.address) || chunk.type() == ChunkType.GROUP_DISCONNECTED);
        long cutNanos = session.now();
        while (waiting.state() == JoinedGroup.State.JOINED) {
            barrier.work().arrive(session.now());
            arriving.work().arrive(session.now());
            session.network.runFor(SECONDS.toNanos(1) / 10);
            assertThat(session.now() - cutNanos).isLessThan(2 * Session.COORDINATOR_TIMEOUT_NANOS + SECONDS.toNanos(2));
        }

        assertThat(barrier.work().nextSequence()).isPositive();
        assertThat(waiting.disconnection())
                .extracting(Disconnection::cause)
                .isEqualTo(Disconnection.Cause.COORDINATOR_LOST);
        assertThat(waiting.disconnection().detail()).contains("does not hear this node");
    }

    @Test
    void droppedJoinsOfAnEarlierIncarnationAreNoSignOfLifeOfTheLaterOne() {
        List<SimulatedNetwork.Transmission> sent = session.network.record();
        Session.Node member = session.member();
        member.joinBarrier(0);
        session.settle();
        List<SimulatedNetwork.Transmission> early = List.copyOf(sent.subList(0, 4));
        Session.Node restarted = session.restart(member);
        restarted.joinBarrier(0);
        session.settle();
        assertThat(barrier.memberCount()).isEqualTo(1);
        session.network.kill(restarted.address);
        long endNanos = session.now() + Session.MEMBER_TIMEOUT_NANOS + SECONDS.toNanos(1);
        while (session.now() < endNanos) {
            replay(early, ChunkType.SESSION_JOIN);
            replay(early, ChunkType.GROUP_JOIN);
            session.network.runFor(SECONDS.toNanos(1) / 4);
            assertThat(barrier.memberships()).hasSizeLessThanOrEqualTo(1);
        }

        assertThat(session.coordinator.counters().dropped(DropReason.EARLIER_INCARNATION))
                .isPositive();
        assertThat(events(SessionEvent.MemberLeft.class))
                .last()
                .extracting(SessionEvent.MemberLeft::departure)
                .isEqualTo(Departure.LOST);
    }

    @Test
    void anAcknowledgementOfAChunkThatWasNotTakenIsNoneOfAWelcome() {
        session.network.dropIf((source, destination, chunk) -> chunk.type() == ChunkType.GROUP_WELCOME);
        Session.Node member = session.member();
        member.joinBroadcast(1);
        session.network.runFor(SECONDS.toNanos(1) / 2);
        assertThat(broadcast.hasOpenAdmission()).isTrue();
        int number = SequenceNumbers.toWire(broadcast.memberships().get(0).firstSequence());
        for (ChunkType unmarked : List.of(ChunkType.BROADCAST_MESSAGE, ChunkType.BARRIER_RELEASED)) {
            ByteBuffer ack = ByteBuffer.allocate(32);
            ChunkWriter.ack(ack, 1, number, unmarked, -1, 0);
            session.coordinator.onDatagram(member.address, ack.flip(), session.now());
        }

        assertThat(broadcast.hasOpenAdmission()).isTrue();
        assertThat(broadcast.memberCount()).isZero();
    }

    @Test
    void whoWasWelcomedToAGroupThatIsMadeAnewIsNotInBothOfThem() {
        List<SimulatedNetwork.Transmission> sent = session.network.record();
        session.network.dropIf((source, destination, chunk) ->
                chunk.type() == ChunkType.GROUP_WELCOME || chunk.type() == ChunkType.GROUP_DISCONNECTED);
        Session.Node member = session.member();
        JoinedGroup<BarrierArrival> joining = member.joinBarrier(0);
        session.network.runFor(SECONDS.toNanos(1) / 20);
        assertThat(barrier.hasOpenAdmission()).isTrue();
        barrier.stop();
        barrier.endAdmissions(session.now());
        barrier.close(session.now());
        session.coordinator.removeGroup(barrier);
        ManagedGroup<BarrierRound> anew =
                session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        session.network.dropIf((source, destination, chunk) -> false);
        sent.stream()
                .filter(one -> one.type() == ChunkType.GROUP_WELCOME)
                .limit(1)
                .forEach(one -> member.session.onDatagram(COORDINATOR, ByteBuffer.wrap(one.bytes()), session.now()));
        session.settle();

        assertThat(joining.state()).isEqualTo(JoinedGroup.State.OUT);
        assertThat(anew.memberships()).isEmpty();
        member.session.removeGroup(joining);
        JoinedGroup<BarrierArrival> again = member.joinBarrier(0);
        session.settle();
        again.work().arrive(session.now());
        anew.work().arrive(session.now());
        session.settle();
        assertThat(again.work().outcome().round()).isZero();
    }

    @Test
    void aQueryOfAnEarlierGroupWithTheSameIdIsNotBelieved() {
        Session.Node member = session.member();
        JoinedGroup<BroadcastReceiving> receiving = member.joinBroadcast(1);
        session.settle();
        ByteBuffer late = ByteBuffer.allocate(32);
        ChunkWriter.broadcastQuery(late, 1, broadcast.work().window().nextSequence() + 50, broadcast.epoch() + 1);
        member.session.onDatagram(COORDINATOR, late.flip(), session.now());
        assertThat(member.session.counters().dropped(DropReason.FOREIGN_SOURCE)).isOne();
        Session.write(broadcast, 1, session.now());
        session.settle();

        assertThat(Session.read(receiving)).containsExactly(1);
        assertThat(broadcast.isDrained()).isTrue();
    }

    @Test
    void anAnswerByTheNameThatAMemberHadBeforeItWasForgottenIsLate() {
        List<SimulatedNetwork.Transmission> sent = session.network.record();
        Session.Node member = session.member();
        session.network.dropIf((source, destination, chunk) -> source.equals(member.address));
        session.network.runFor(Session.MEMBER_TIMEOUT_NANOS + SECONDS.toNanos(1));
        assertThat(session.coordinator.peerCount()).isZero();
        session.network.dropIf((source, destination, chunk) -> false);
        Session.Node other = session.restart(member);
        JoinedGroup<BarrierArrival> joined = other.joinBarrier(0);
        session.settle();
        sent.stream()
                .filter(one -> one.type() == ChunkType.SESSION_WELCOME)
                .limit(1)
                .forEach(one -> other.session.onDatagram(COORDINATOR, ByteBuffer.wrap(one.bytes()), session.now()));
        session.settle();

        assertThat(joined.state()).isEqualTo(JoinedGroup.State.JOINED);
    }

    private <E extends SessionEvent> List<E> events(Class<E> type) {
        return session.coordinator.outbox().takeEvents().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private void passARound(JoinedGroup<BarrierArrival> group) {
        long round = barrier.work().nextSequence();
        barrier.work().arrive(session.now());
        group.work().arrive(session.now());
        session.settle();
        assertThat(group.work().outcome().round()).isEqualTo(round);
    }
}
