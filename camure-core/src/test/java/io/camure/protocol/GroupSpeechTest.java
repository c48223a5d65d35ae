package io.camure.protocol;

import static io.camure.protocol.LoneCoordinator.NODE;
import static io.camure.protocol.Session.AUTOMATIC;
import static io.camure.protocol.Session.MANUAL;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.group.Admission;
import io.camure.protocol.group.DisconnectReason;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.round.LossPolicy;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.GroupType;
import io.camure.wire.NodeIdentity;
import org.junit.jupiter.api.Test;

/** What a coordinator makes of a chunk for a group, by what its sender is in it: nothing, waiting, welcomed or a member. */
class GroupSpeechTest {

    private static final int BARRIER = 3;
    private static final int MEMBERSHIP = 40;

    private final LoneCoordinator coordinator = new LoneCoordinator();
    private ManagedGroup<BarrierRound> barrier;

    private void create(Admission admission) {
        barrier = coordinator.session.create(BarrierKind.BARRIER, BARRIER, admission, LossPolicy.CONTINUE);
    }

    private void join(int membership) {
        coordinator.receiveGroupJoin(NODE, BARRIER, GroupType.BARRIER, membership);
    }

    private void reach(long round, int membership) {
        coordinator.receive(NODE, chunk -> ChunkWriter.barrierReached(chunk, BARRIER, round, -1, membership));
    }

    private void acknowledgeWelcome(long round) {
        coordinator.receive(NODE, chunk -> ChunkWriter.welcomeAck(chunk, BARRIER, round, MEMBERSHIP));
    }

    private void leave(int group, int membership) {
        coordinator.receive(NODE, chunk -> ChunkWriter.groupLeave(chunk, group, membership));
    }

    private void becomeMember() {
        create(AUTOMATIC);
        join(MEMBERSHIP);
        acknowledgeWelcome(0);
        assertThat(barrier.memberCount()).isOne();
        coordinator.sent();
    }

    private void assertTold(String reason, int group, int membership) {
        assertThat(coordinator.sent()).singleElement().satisfies(sent -> {
            assertThat(sent.destination()).isEqualTo(NODE);
            assertThat(sent.type()).isEqualTo(ChunkType.GROUP_DISCONNECTED);
            assertThat(sent.chunk().reason()).isEqualTo(reason);
            assertThat(sent.chunk().group()).isEqualTo(group);
            assertThat(sent.chunk().membership()).isEqualTo(membership);
        });
    }

    private void assertSilent(DropReason reason) {
        assertThat(coordinator.sent()).isEmpty();
        assertThat(coordinator.dropped(reason)).isOne();
    }

    @Test
    void whoSpeaksAsAMemberAndIsNoneIsTold() {
        create(AUTOMATIC);
        reach(0, MEMBERSHIP);

        assertTold(DisconnectReason.NOT_A_MEMBER, BARRIER, MEMBERSHIP);
        assertThat(coordinator.dropped(DropReason.NOT_A_MEMBER)).isOne();
    }

    @Test
    void whoAcknowledgesAsAMemberAndIsNoneIsTold() {
        create(AUTOMATIC);
        acknowledgeWelcome(0);

        assertTold(DisconnectReason.NOT_A_MEMBER, BARRIER, MEMBERSHIP);
    }

    @Test
    void whoLeavesAGroupThatItIsNotInIsAnsweredAllTheSame() {
        create(AUTOMATIC);
        leave(BARRIER, MEMBERSHIP);

        assertTold(DisconnectReason.LEAVE, BARRIER, MEMBERSHIP);
    }

    @Test
    void aNodeOfTheSessionThatSpeaksToAGroupThatThereIsNotIsToldThatItIsClosed() {
        reach(0, MEMBERSHIP);
        assertThat(coordinator.sent()).as("to a stranger").isEmpty();
        coordinator.receiveJoin(NODE, 1);
        coordinator.sent();
        reach(0, MEMBERSHIP);
        assertTold(DisconnectReason.CLOSED, BARRIER, MEMBERSHIP);
        leave(BARRIER, MEMBERSHIP);

        assertTold(DisconnectReason.LEAVE, BARRIER, MEMBERSHIP);
        assertThat(coordinator.dropped(DropReason.UNKNOWN_GROUP)).isEqualTo(3);
    }

    @Test
    void whoWaitsCanNeitherArriveNorAcknowledge() {
        create(MANUAL);
        join(MEMBERSHIP);
        assertThat(coordinator.sent()).extracting(LoneCoordinator.Sent::type).containsExactly(ChunkType.GROUP_PENDING);
        reach(0, MEMBERSHIP);
        assertSilent(DropReason.NOT_A_MEMBER);
        acknowledgeWelcome(0);

        assertThat(coordinator.sent()).isEmpty();
        assertThat(coordinator.dropped(DropReason.NOT_A_MEMBER)).isEqualTo(2);
        assertThat(barrier.hasWaiting()).isTrue();
    }

    @Test
    void whoWasWelcomedIsInOnceItSpeaksAsAMember() {
        create(AUTOMATIC);
        join(MEMBERSHIP);
        assertThat(barrier.hasOpenAdmission()).isTrue();
        reach(0, MEMBERSHIP);

        assertThat(barrier.hasOpenAdmission()).isFalse();
        assertThat(barrier.work().arrivedMembers())
                .extracting(NodeIdentity::address)
                .containsExactly(NODE);
    }

    @Test
    void whoWasWelcomedIsNotInBySpeakingOfWhatWasBefore() {
        create(AUTOMATIC);
        join(MEMBERSHIP);
        coordinator.sent();
        reach(-1, MEMBERSHIP);
        assertSilent(DropReason.OUT_OF_WINDOW);
        acknowledgeWelcome(1);

        assertThat(coordinator.sent()).isEmpty();
        assertThat(coordinator.dropped(DropReason.OUT_OF_WINDOW)).isEqualTo(2);
        assertThat(barrier.hasOpenAdmission()).isTrue();
    }

    @Test
    void whatAMemberSaysOfAnotherMembershipDoesNotCountAndIsAnswered() {
        becomeMember();
        reach(0, MEMBERSHIP - 1);
        assertTold(DisconnectReason.NOT_A_MEMBER, BARRIER, MEMBERSHIP - 1);
        leave(BARRIER, MEMBERSHIP - 1);
        assertTold(DisconnectReason.LEAVE, BARRIER, MEMBERSHIP - 1);

        assertThat(coordinator.dropped(DropReason.EARLIER_INCARNATION)).isEqualTo(2);
        assertThat(barrier.memberCount()).isOne();
        assertThat(barrier.work().arrivedMembers()).isEmpty();
    }

    @Test
    void chunksOfAnotherKindAreDropped() {
        becomeMember();
        coordinator.receive(NODE, chunk -> ChunkWriter.broadcastStatus(chunk, BARRIER, 0, 0, 64, 0, 0, MEMBERSHIP));

        assertSilent(DropReason.UNEXPECTED);
    }

    @Test
    void aLateChunkOfWhoHasLeftIsNotAnsweredButOneThatIsNotLateIs() {
        becomeMember();
        leave(BARRIER, MEMBERSHIP);
        assertTold(DisconnectReason.LEAVE, BARRIER, MEMBERSHIP);
        coordinator.nowNanos = SECONDS.toNanos(1) - 1;
        reach(0, MEMBERSHIP);
        assertSilent(DropReason.NOT_A_MEMBER);
        coordinator.nowNanos = SECONDS.toNanos(1);
        reach(0, MEMBERSHIP);

        assertTold(DisconnectReason.NOT_A_MEMBER, BARRIER, MEMBERSHIP);
    }

    @Test
    void whoAsksForAGroupOfAnotherTypeIsTold() {
        create(AUTOMATIC);
        coordinator.receiveGroupJoin(NODE, BARRIER, GroupType.BROADCAST, MEMBERSHIP);

        assertTold(DisconnectReason.WRONG_GROUP_TYPE, BARRIER, MEMBERSHIP);
        assertThat(coordinator.dropped(DropReason.WRONG_GROUP_TYPE)).isOne();
        assertThat(barrier.memberships()).isEmpty();
    }

    @Test
    void whoAsksForAGroupThatIsClosedIsTold() {
        create(AUTOMATIC);
        barrier.close(coordinator.nowNanos);
        join(MEMBERSHIP);

        assertTold(DisconnectReason.CLOSED, BARRIER, MEMBERSHIP);
        assertThat(barrier.memberships()).isEmpty();
    }

    @Test
    void whoAsksAgainThoughItIsInIsLeftAsItIs() {
        becomeMember();
        join(MEMBERSHIP);
        assertSilent(DropReason.DUPLICATE_JOIN);
        join(MEMBERSHIP - 1);

        assertSilent(DropReason.EARLIER_INCARNATION);
        assertThat(barrier.memberCount()).isOne();
    }

    @Test
    void whoBeginsAnotherMembershipHasLeftTheOneBefore() {
        becomeMember();
        join(MEMBERSHIP + 1);

        assertThat(coordinator.sent()).extracting(LoneCoordinator.Sent::type).containsExactly(ChunkType.GROUP_WELCOME);
        assertThat(barrier.memberCount()).isZero();
        assertThat(barrier.memberships()).singleElement().satisfies(now -> {
            assertThat(now.number()).isEqualTo(MEMBERSHIP + 1);
            assertThat(now.address()).isEqualTo(NODE);
        });
    }

    @Test
    void chunksThatNoMemberSendsAreDropped() {
        coordinator.receiveJoin(NODE, 1);
        coordinator.sent();
        coordinator.receive(NODE, chunk -> ChunkWriter.sequenced(chunk, ChunkType.BARRIER_RELEASED, BARRIER, 0));

        assertSilent(DropReason.UNEXPECTED);
    }

    @Test
    void theHeartbeatOfAStrangerIsCounted() {
        coordinator.receive(NODE, chunk -> ChunkWriter.session(chunk, ChunkType.SESSION_HEARTBEAT));
        assertSilent(DropReason.NOT_IN_SESSION);
        coordinator.receiveJoin(NODE, 1);
        coordinator.sent();
        coordinator.receive(NODE, chunk -> ChunkWriter.session(chunk, ChunkType.SESSION_HEARTBEAT));

        assertSilent(DropReason.NOT_IN_SESSION);
    }
}
