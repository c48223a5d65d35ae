package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static io.camure.protocol.Session.COORDINATOR;
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
import io.camure.wire.Extension;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Incarnations of a node that follow one another at one address, goodbyes, and processes that were stopped for a time. */
class IncarnationTest {

    private final Session session = new Session();
    private ManagedGroup<BarrierRound> barrier;
    private Session.Node member;
    private JoinedGroup<BarrierArrival> joined;
    private List<SimulatedNetwork.Transmission> sent;

    @BeforeEach
    void aMemberIsInABarrier() {
        sent = session.network.record();
        barrier = session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        member = session.member();
        joined = member.joinBarrier(0);
        session.settle();
        assertThat(barrier.memberCount()).isEqualTo(1);
    }

    private void passARound(JoinedGroup<BarrierArrival> group) {
        long round = barrier.work().outcome().round() + 1;
        barrier.work().arrive(session.now());
        group.work().arrive(session.now());
        session.network.runFor(SECONDS.toNanos(1));
        assertThat(group.work().outcome().round()).isEqualTo(round);
        assertThat(barrier.work().outcome().round()).isEqualTo(round);
    }

    @Test
    void aRestartedMemberTakesThePlaceOfTheOneBeforeAtOnce() {
        session.network.kill(member.address);
        barrier.work().arrive(session.now());
        Session.Node restarted = session.restart(member);
        JoinedGroup<BarrierArrival> again = restarted.joinBarrier(0);
        session.network.runFor(SECONDS.toNanos(1));

        assertThat(again.state()).isEqualTo(JoinedGroup.State.JOINED);
        assertThat(barrier.memberCount()).isEqualTo(1);
        passARound(again);
        assertThat(barrier.work().outcome().lostMembers()).containsExactly(member.identity());
    }

    @Test
    void joinsOfAnEarlierIncarnationThatAreLateChangeNothing() {
        Session.Node restarted = session.restart(member);
        JoinedGroup<BarrierArrival> again = restarted.joinBarrier(0);
        session.settle();
        sent = List.copyOf(sent.subList(0, 6));
        session.replay(sent, ChunkType.SESSION_JOIN);
        session.replay(sent, ChunkType.GROUP_JOIN);
        session.settle();

        assertThat(session.coordinator.counters().dropped(DropReason.EARLIER_INCARNATION))
                .as("the one that proves its address")
                .isOne();
        assertThat(again.state()).isEqualTo(JoinedGroup.State.JOINED);
        passARound(again);
    }

    @Test
    void aWelcomeThatWasMeantForAnEarlierIncarnationIsNotTaken() {
        passARound(joined);
        Session.Node restarted = session.restart(member);
        session.network.dropIf((source, destination, chunk) -> chunk.type() == ChunkType.GROUP_WELCOME);
        JoinedGroup<BarrierArrival> again = restarted.joinBarrier(0);
        session.settle();
        sent.stream()
                .filter(one -> one.type() == ChunkType.GROUP_WELCOME)
                .limit(1)
                .forEach(one -> restarted.session.onDatagram(COORDINATOR, ByteBuffer.wrap(one.bytes()), session.now()));
        assertThat(again.state()).isEqualTo(JoinedGroup.State.JOINING);
        session.network.dropIf((source, destination, chunk) -> false);
        session.settle();

        passARound(again);
    }

    @Test
    void dataOfAnotherIncarnationOfTheCoordinatorIsNotTakenEvenIfItsNumberFits() {
        ManagedGroup<BroadcastSending> broadcast =
                session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
        JoinedGroup<BroadcastReceiving> receiving = member.joinBroadcast(1);
        session.settle();
        Session.write(broadcast, 1, session.now());
        session.settle();
        assertThat(Session.read(receiving)).containsExactly(1);
        // The following number, and another session.
        ByteBuffer forged = ByteBuffer.wrap(sent.stream()
                .filter(one -> one.type() == ChunkType.BROADCAST_MESSAGE)
                .findFirst()
                .orElseThrow()
                .bytes()
                .clone());
        forged.putShort(3, (short) (forged.getShort(3) + 1));
        forged.putInt(5, forged.getInt(5) + 1);
        member.session.onDatagram(COORDINATOR, forged, session.now());

        assertThat(Session.read(receiving)).isEmpty();
        assertThat(member.session.counters().dropped(DropReason.FOREIGN_SOURCE)).isOne();
        forged.putInt(5, forged.getInt(5) - 1);
        member.session.onDatagram(COORDINATOR, forged, session.now());
        assertThat(Session.read(receiving)).containsExactly(1);
    }

    @Test
    void whoSpeaksToTheNextIncarnationOfTheCoordinatorHasLostTheOneBeforeAndWasNotEvicted() {
        joined.work().arrive(session.now());
        session.settle();
        session.startCoordinator(2).create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        session.network.runFor(SECONDS.toNanos(2));

        assertThat(joined.disconnection())
                .extracting(Disconnection::cause)
                .isEqualTo(Disconnection.Cause.COORDINATOR_LOST);
    }

    @Test
    void aReasonIsCutAndFreedOfControlCharacters() {
        ByteBuffer disconnected = ByteBuffer.allocate(400);
        ChunkWriter.groupDisconnected(
                disconnected, 0, "a\nb\u001b\u009b\u2028\u202e" + "x".repeat(300), joined.membership());
        member.session.onDatagram(COORDINATOR, disconnected.flip(), session.now());

        assertThat(joined.disconnection().detail()).contains("\"a?b????x").hasSizeLessThan(200);
    }

    @Test
    void aGoodbyeFreesThePlaceInSessionAndGroupsAtOnce() {
        member.session.leave();
        session.network.runFor(SECONDS.toNanos(1) / 10);

        assertThat(session.coordinator.peerCount()).isZero();
        assertThat(barrier.memberCount()).isZero();
        assertThat(session.coordinator.outbox().hasEvents()).isTrue();
        assertThat(session.coordinator.outbox().takeEvents())
                .contains(new SessionEvent.MemberLeft(0, member.identity(), Departure.LEFT));
    }

    @Test
    void theGoodbyeOfAnEarlierIncarnationThatIsLateChangesNothing() {
        session.network.dropIf((source, destination, chunk) -> chunk.type() == ChunkType.SESSION_LEAVE);
        member.session.leave();
        session.network.runFor(SECONDS.toNanos(1) / 10);
        Session.Node restarted = session.restart(member);
        JoinedGroup<BarrierArrival> again = restarted.joinBarrier(0);
        session.settle();
        session.replay(sent, ChunkType.SESSION_LEAVE);

        assertThat(session.coordinator.peerCount()).isEqualTo(1);
        passARound(again);
    }

    @Test
    void aCoordinatorThatWasStoppedDoesNotTakeItsMembersForDead() {
        session.network.kill(COORDINATOR);
        session.network.runFor(Session.COORDINATOR_TIMEOUT_NANOS - SECONDS.toNanos(2));
        assertThat(member.session.loss()).isNull();
        session.network.add(COORDINATOR, session.coordinator);
        session.settle();

        assertThat(barrier.memberCount()).isEqualTo(1);
        passARound(joined);
    }

    @Test
    @Tag("long")
    void aForgottenMemberComesBackHoweverManyWereAdmittedMeanwhile() {
        session.network.kill(member.address);
        session.network.runFor(2 * Session.COORDINATOR_TIMEOUT_NANOS);
        for (int i = 1; i <= 40_000; i++) {
            ByteBuffer join = ByteBuffer.allocate(100);
            ChunkWriter.session(join, ChunkType.SESSION_JOIN);
            // Another incarnation of a node that need not prove its address.
            Extension.offer(EarlierBuild.CAPABILITIES, 64, 1 << 20, i).write(join);
            session.coordinator.onDatagram(
                    new InetSocketAddress("10.0.0.3", 1), join.flip(), session.network.nowNanos());
            session.coordinator.outbox().transmit((datagrams, datagramBytes, destination) -> {});
        }
        session.network.add(member.address, member.session);
        session.network.receiveMulticast(member.address);
        session.settle();

        assertThat(member.session.loss()).isNull();
        assertThat(joined.disconnection()).extracting(Disconnection::cause).isEqualTo(Disconnection.Cause.EVICTED);
        passARound(rejoined());
    }

    @Test
    void aMemberThatWasStoppedFindsOutWhatHasBecomeOfItsMembership() {
        session.network.kill(member.address);
        session.network.runFor(10 * Session.COORDINATOR_TIMEOUT_NANOS);
        assertThat(barrier.memberCount()).isZero();
        session.network.add(member.address, member.session);
        session.network.receiveMulticast(member.address);
        session.settle();

        assertThat(member.session.loss()).isNull();
        assertThat(joined.disconnection()).extracting(Disconnection::cause).isEqualTo(Disconnection.Cause.EVICTED);
        passARound(rejoined());
    }

    private JoinedGroup<BarrierArrival> rejoined() {
        member.session.removeGroup(joined);
        JoinedGroup<BarrierArrival> again = member.joinBarrier(0);
        session.settle();
        return again;
    }
}
