package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.base.Departure;
import io.camure.protocol.base.Disconnection;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.round.LossPolicy;
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

    private static void assertEvicted(JoinedGroup<?> group) {
        assertThat(group.disconnection()).extracting(Disconnection::cause).isEqualTo(Disconnection.Cause.EVICTED);
    }

    @Test
    void aMemberThatWasForgottenGetsIntoAGroupUnderItsNewName() {
        JoinedGroup<BarrierArrival> other = session.member().joinBarrier(0);
        Session.Node member = session.member();
        session.settle();
        // What it hears late keeps it sure of the coordinator, which hears nothing of it.
        byte[] answer = session.answerTo(member);
        session.network.dropIf((source, destination, chunk) -> source.equals(member.address));
        long forgottenNanos = session.now() + Session.MEMBER_TIMEOUT_NANOS + SECONDS.toNanos(1);
        while (session.now() < forgottenNanos) {
            barrier.work().arrive(session.now());
            other.work().arrive(session.now());
            session.network.runFor(SECONDS.toNanos(1) / 10);
            member.session.onDatagram(Session.COORDINATOR, ByteBuffer.wrap(answer), session.now());
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
        List<SimulatedNetwork.Transmission> early = List.copyOf(sent.subList(0, 6));
        Session.Node restarted = session.restart(member);
        restarted.joinBarrier(0);
        session.settle();
        assertThat(barrier.memberCount()).isEqualTo(1);
        session.network.kill(restarted.address);
        long endNanos = session.now() + Session.MEMBER_TIMEOUT_NANOS + SECONDS.toNanos(1);
        while (session.now() < endNanos) {
            session.replay(early, ChunkType.SESSION_JOIN);
            session.replay(early, ChunkType.GROUP_JOIN);
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
        session.network.runFor(SECONDS.toNanos(1) / 4);
        assertThat(broadcast.hasOpenAdmission()).isTrue();
        int number = SequenceNumbers.toWire(broadcast.memberships().get(0).firstSequence());
        for (ChunkType unmarked : List.of(ChunkType.BROADCAST_MESSAGE, ChunkType.BARRIER_RELEASED)) {
            ByteBuffer ack = ByteBuffer.allocate(32);
            ChunkWriter.ack(
                    ack, 1, number, unmarked, -1, broadcast.memberships().get(0).number());
            session.coordinator.onDatagram(member.address, ack.flip(), session.now());
        }

        assertThat(broadcast.hasOpenAdmission()).isTrue();
        assertThat(broadcast.memberCount()).isZero();
    }

    private <E extends SessionEvent> List<E> events(Class<E> type) {
        return session.coordinator.outbox().takeEvents().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }
}
