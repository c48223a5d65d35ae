package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static io.camure.protocol.Session.COORDINATOR;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
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
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is late of a membership or a group that is over counts for none of those that were begun after it. */
class EarlierMembershipTest {

    private final Session session = new Session();
    private final ManagedGroup<BarrierRound> barrier =
            session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
    private final ManagedGroup<BroadcastSending> broadcast =
            session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);

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
        session.replay(sent, ChunkType.GROUP_LEAVE);
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
        session.replay(sent, ChunkType.BARRIER_REACHED);
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
        session.replay(sent, ChunkType.GROUP_JOIN);

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

    private void passARound(JoinedGroup<BarrierArrival> group) {
        long round = barrier.work().nextSequence();
        barrier.work().arrive(session.now());
        group.work().arrive(session.now());
        session.settle();
        assertThat(group.work().outcome().round()).isEqualTo(round);
    }
}
