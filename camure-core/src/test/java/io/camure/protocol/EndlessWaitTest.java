package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static io.camure.protocol.Session.COORDINATOR;
import static io.camure.protocol.Session.MANUAL;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.base.Disconnection;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.GroupLabel;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.round.LossPolicy;
import io.camure.wire.ChunkType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cases in which camure 0.1.1 waits for ever. */
class EndlessWaitTest {

    @Test
    void aMemberNoticesThatItsCoordinatorIsGone() {
        Session session = new Session();
        session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        Session.Node idle = session.member();
        Session.Node waiting = session.member();
        JoinedGroup<BarrierArrival> joined = waiting.joinBarrier(0);
        session.settle();
        joined.work().arrive(session.now());
        session.settle();
        assertThat(idle.session.loss()).isNull();
        session.network.kill(COORDINATOR);
        session.network.runFor(Session.COORDINATOR_TIMEOUT_NANOS + SECONDS.toNanos(1));

        assertThat(idle.session.loss()).isNotNull();
        assertThat(joined.disconnection())
                .extracting(Disconnection::cause)
                .isEqualTo(Disconnection.Cause.COORDINATOR_LOST);
    }

    @Test
    void whoAsksForAGroupThatIsNotThereYetStaysInTheSession() {
        Session session = new Session();
        Session.Node member = session.member();
        JoinedGroup<BarrierArrival> joining = member.joinBarrier(7);
        session.network.runFor(SECONDS.toNanos(60));
        assertThat(member.session.loss()).isNull();
        session.coordinator.create(BarrierKind.BARRIER, 7, AUTOMATIC, LossPolicy.CONTINUE);
        session.settle();

        assertThat(joining.state()).isEqualTo(JoinedGroup.State.JOINED);
    }

    @Test
    void aGoodbyeThatNobodyAnswersHasAnEnd() {
        Session session = new Session();
        Session.Node member = session.member();
        JoinedGroup<BarrierArrival> joining = member.joinBarrier(7);
        session.network.dropIf((source, destination, chunk) -> chunk.type() == ChunkType.GROUP_DISCONNECTED);
        joining.leave(session.now());
        session.network.runFor(SECONDS.toNanos(10));

        assertThat(member.session.loss()).isNull();
        assertThat(member.session.group(GroupLabel.of(7))).isNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13})
    void aReceiverLearnsThatItsCoordinatorWasStartedAnewWhereverTheNewStreamBegins(long seed) {
        Session session = new Session();
        session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
        JoinedGroup<BroadcastReceiving> received = session.member().joinBroadcast(1);
        session.settle();
        ManagedGroup<BroadcastSending> after =
                session.startCoordinator(seed).create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
        Session.write(after, 1, session.now());
        session.settle();

        assertThat(received.state()).isEqualTo(JoinedGroup.State.OUT);
        assertThat(Session.read(received)).isEmpty();
    }

    @Test
    void anIdleSessionLives() {
        Session session = new Session();
        ManagedGroup<BarrierRound> group =
                session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        Session.Node member = session.member();
        member.joinBarrier(0);
        session.network.runFor(SECONDS.toNanos(3600));

        assertThat(member.session.loss()).isNull();
        assertThat(group.memberCount()).isOne();
    }

    @Test
    void aDeadMemberIsLostThoughOthersKeepTheGroupBusy() {
        Session session = new Session();
        ManagedGroup<BarrierRound> group =
                session.coordinator.create(BarrierKind.BARRIER, 0, MANUAL, LossPolicy.CONTINUE);
        Session.Node member = session.member();
        Session.Node dies = session.member();
        JoinedGroup<BarrierArrival> joined = member.joinBarrier(0);
        dies.joinBarrier(0);
        group.beginAccept(session.now());
        group.beginAccept(session.now());
        session.settle();
        // Each asks again once a second, and nobody admits them.
        for (int i = 0; i < 50; i++) {
            session.member().joinBarrier(0);
        }
        session.network.kill(dies.address);
        joined.work().arrive(session.now());
        group.work().arrive(session.now());
        session.network.runFor(Session.MEMBER_TIMEOUT_NANOS + SECONDS.toNanos(1));

        assertThat(group.work().outcome().round()).isZero();
        assertThat(joined.work().outcome().round()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whoJoinsAndLeavesAtOnceIsNotCountedOnAfterwards(long seed) {
        Session session = new Session(new Faults(0.1, 0.1, MILLISECONDS.toNanos(1), MILLISECONDS.toNanos(200)));
        ManagedGroup<BarrierRound> group =
                session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        SplittableRandom random = new SplittableRandom(seed);
        List<JoinedGroup<BarrierArrival>> left = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            JoinedGroup<BarrierArrival> joined = session.member().joinBarrier(0);
            session.network.runFor(random.nextLong(MILLISECONDS.toNanos(400)));
            joined.leave(session.now());
            left.add(joined);
        }
        session.network.runFor(SECONDS.toNanos(30));

        assertThat(left).allMatch(joined -> joined.state() == JoinedGroup.State.OUT);
        assertThat(group.memberCount()).isZero();
        assertThat(group.hasOpenAdmission()).isFalse();
    }

    @Test
    void whoWasEvictedLearnsItAlsoWhenItWasToldInVain() {
        Session session = new Session();
        ManagedGroup<BarrierRound> barrier =
                session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        ManagedGroup<BroadcastSending> broadcast =
                session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
        Session.Node node = session.member();
        JoinedGroup<BarrierArrival> waiting = node.joinBarrier(0);
        JoinedGroup<BroadcastReceiving> receiving = node.joinBroadcast(1);
        session.settle();
        // Cut off in both directions until it was evicted, but not for so long that it takes the session for lost.
        session.network.dropIf((source, destination, chunk) ->
                source.equals(node.address) || chunk.type() == ChunkType.GROUP_DISCONNECTED);
        session.network.runUntil(
                session.now() + SECONDS.toNanos(10), () -> barrier.memberCount() + broadcast.memberCount() == 0);
        session.network.dropIf((source, destination, chunk) -> false);
        if (node.session.loss() == null) {
            waiting.work().arrive(session.now());
            Session.write(broadcast, 1, session.now());
        }
        session.settle();

        assertThat(waiting.state()).isEqualTo(JoinedGroup.State.OUT);
        assertThat(receiving.state()).isEqualTo(JoinedGroup.State.OUT);
    }

    @Test
    void aMemberWhoseArrivalWasAcknowledgedLearnsThatItWasEvictedMeanwhile() {
        Session session = new Session();
        ManagedGroup<BarrierRound> barrier =
                session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        JoinedGroup<BarrierArrival> waiting = session.member().joinBarrier(0);
        session.settle();
        waiting.work().arrive(session.now());
        session.settle();
        // It hears nothing of it, as if the coordinator had evicted it on its own while the network was down.
        session.network.dropIf((source, destination, chunk) -> chunk.type() == ChunkType.GROUP_DISCONNECTED);
        session.startCoordinator(2).create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        session.network.dropIf((source, destination, chunk) -> false);
        session.settle();

        assertThat(barrier.work().outcome().round()).isEqualTo(-1);
        assertThat(waiting.state()).isEqualTo(JoinedGroup.State.OUT);
    }

    @Test
    void aLateRepetitionOfAJoinDoesNotBringBackWhoHasLeft() {
        Session session = new Session();
        ManagedGroup<BarrierRound> group =
                session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        Session.Node node = session.member();
        JoinedGroup<BarrierArrival> joined = node.joinBarrier(0);
        session.settle();
        joined.leave(session.now());
        session.settle();
        session.coordinator.onDatagram(node.address, ByteBuffer.wrap(new byte[] {10, 0, 0, 1}), session.now());
        session.network.runFor(MILLISECONDS.toNanos(10));

        assertThat(group.hasOpenAdmission()).isFalse();
        assertThat(group.memberCount()).isZero();
    }

    @Test
    void aJoinerThatDiesDoesNotKeepTheNextOneOut() {
        Session session = new Session();
        ManagedGroup<BarrierRound> group =
                session.coordinator.create(BarrierKind.BARRIER, 0, MANUAL, LossPolicy.CONTINUE);
        Session.Node dies = session.member();
        dies.joinBarrier(0);
        session.network.runFor(MILLISECONDS.toNanos(10));
        session.network.kill(dies.address);
        Session.Node lives = session.member();
        lives.joinBarrier(0);
        session.network.runFor(MILLISECONDS.toNanos(10));
        group.beginAccept(session.now());
        session.network.runFor(Session.MEMBER_TIMEOUT_NANOS + SECONDS.toNanos(1));

        assertThat(group.pollAccepted()).isEqualTo(lives.identity());
        assertThat(group.hasWaiting()).isFalse();
    }

    @Test
    void aNodeThatIsWelcomedAndSilentHoldsOthersUpNoLongerThanADeadMember() {
        Session session = new Session();
        ManagedGroup<BarrierRound> barrier =
                session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        ManagedGroup<BroadcastSending> broadcast =
                session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
        Session.Node member = session.member();
        JoinedGroup<BarrierArrival> joined = member.joinBarrier(0);
        JoinedGroup<BroadcastReceiving> received = member.joinBroadcast(1);
        session.settle();
        Session.Node silent = session.member();
        silent.joinBarrier(0);
        silent.joinBroadcast(1);
        // It gives signs of life, but never acknowledges that it is in.
        session.network.dropIf(
                (source, destination, chunk) -> source.equals(silent.address) && chunk.type() == ChunkType.GROUP_ACK);
        session.network.runFor(MILLISECONDS.toNanos(10));
        Session.write(broadcast, 3, session.now());
        joined.work().arrive(session.now());
        barrier.work().arrive(session.now());
        session.network.runFor(Session.MEMBER_TIMEOUT_NANOS + SECONDS.toNanos(1));

        assertThat(joined.work().outcome().round()).isZero();
        assertThat(Session.read(received)).containsExactly(3);
    }

    @Test
    void whatIsLostIsRepeatedWhileTheApplicationDoesNothing() {
        Session session = new Session();
        ManagedGroup<BroadcastSending> group =
                session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
        JoinedGroup<BroadcastReceiving> received = session.member().joinBroadcast(1);
        session.settle();
        int[] sends = {0};
        session.network.dropIf(
                (source, destination, chunk) -> chunk.type() == ChunkType.BROADCAST_MESSAGE && sends[0]++ < 3);
        Session.write(group, 9, session.now());
        session.settle();

        assertThat(Session.read(received)).containsExactly(9);
    }

    @Test
    void whoWaitsToBeAdmittedIsToldThatTheGroupIsClosed() {
        Session session = new Session();
        ManagedGroup<BarrierRound> group =
                session.coordinator.create(BarrierKind.BARRIER, 0, MANUAL, LossPolicy.CONTINUE);
        JoinedGroup<BarrierArrival> waiting = session.member().joinBarrier(0);
        session.settle();
        group.close(session.now());
        session.settle();

        assertThat(waiting.disconnection())
                .extracting(Disconnection::cause)
                .isEqualTo(Disconnection.Cause.GROUP_CLOSED);
    }

    @Test
    void membersThatDoNotHearOfTheEndOfAGroupAreToldAgain() {
        Session session = new Session();
        ManagedGroup<BroadcastSending> group =
                session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
        JoinedGroup<BroadcastReceiving> received = session.member().joinBroadcast(1);
        session.settle();
        int[] sends = {0};
        session.network.dropIf(
                (source, destination, chunk) -> chunk.type() == ChunkType.GROUP_DISCONNECTED && sends[0]++ < 2);
        group.close(session.now());
        assertThat(group.isCloseConfirmed()).isFalse();
        session.network.runFor(MILLISECONDS.toNanos(250));

        assertThat(received.state()).isEqualTo(JoinedGroup.State.OUT);
        assertThat(group.isCloseConfirmed()).isTrue();
    }

    @Test
    void aSlowReaderIsNotFloodedWithRepetitions() {
        Session session = new Session();
        ManagedGroup<BroadcastSending> group =
                session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
        Session.Node node = session.member();
        JoinedGroup<BroadcastReceiving> received = node.joinBroadcast(1);
        session.settle();
        int written = 0;
        for (int i = 0; i < 10; i++) {
            while (group.work().window().room() > 0) {
                Session.write(group, written++, session.now());
            }
            session.settle();
        }
        long before = session.coordinator.counters().retransmissions();
        session.network.runFor(SECONDS.toNanos(60));
        long repeated = session.coordinator.counters().retransmissions() - before;
        assertThat(repeated).as("once a second each, at most").isLessThanOrEqualTo(61 * 64);

        before = session.coordinator.counters().retransmissions();
        List<Integer> messages = new ArrayList<>(Session.read(received));
        session.network.runFor(MILLISECONDS.toNanos(1));
        messages.addAll(Session.read(received));
        assertThat(messages).hasSize(written);
        // What is too little for a status report is asked for.
        session.network.runFor(MILLISECONDS.toNanos(10));
        assertThat(group.work().window().isAcknowledged(group.work().window().nextSequence()))
                .isTrue();
        assertThat(session.coordinator.counters().retransmissions())
                .as("the sender goes on at once when the reader has caught up")
                .isEqualTo(before);
    }
}
