package io.camure.protocol;

import static io.camure.protocol.Session.COORDINATOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.base.Disconnection;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.group.GroupLabel;
import io.camure.protocol.group.JoinedGroup;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.Extension;
import io.camure.wire.GroupDelivery;
import io.camure.wire.JoinToken;
import io.camure.wire.PathReport;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a member makes of what its coordinator, another incarnation of it, or somebody else says. */
class MemberAloneTest {

    private static final int EPOCH = 3;

    private final LoneMember member = new LoneMember();

    private void welcome(long incarnation, int memberId) {
        member.receive(chunk -> {
            ChunkWriter.sessionWelcome(
                    chunk, SimulatedNetwork.MULTICAST, Session.CHUNK_BYTES, LoneMember.HEARTBEAT_NANOS);
            new Extension(
                            Extension.VERSION,
                            Extension.VERSION,
                            EarlierBuild.CAPABILITIES,
                            64,
                            1 << 20,
                            incarnation,
                            memberId,
                            0,
                            "",
                            "",
                            "",
                            GroupDelivery.MULTICAST,
                            0,
                            0,
                            JoinToken.NONE,
                            PathReport.NONE)
                    .write(chunk);
        });
    }

    private JoinedGroup<BarrierArrival> joinBarrier() {
        JoinedGroup<BarrierArrival> group = member.session.join(BarrierKind.BARRIER, 0, member.nowNanos);
        member.sent();
        return group;
    }

    private JoinedGroup<BarrierArrival> joinedBarrier() {
        JoinedGroup<BarrierArrival> group = joinBarrier();
        groupWelcome(EPOCH, LoneMember.ID);
        assertThat(group.state()).isEqualTo(JoinedGroup.State.JOINED);
        member.sent();
        return group;
    }

    private void groupWelcome(int epoch, int memberId) {
        member.receive(chunk -> ChunkWriter.groupWelcome(chunk, 0, 0, epoch, memberId, 0));
    }

    private long dropped(DropReason reason) {
        return member.session.counters().dropped(reason);
    }

    @Test
    void theApplicationIsToldThatTheSessionAndItsGroupsBeginAndEnd() {
        assertThat(member.session.coordinatorIncarnation()).isZero();
        member.inSession();
        assertThat(member.session.outbox().takeEvents())
                .containsExactly(new SessionEvent.SessionJoined(SimulatedNetwork.MULTICAST, 0));
        assertThat(member.session.coordinatorIncarnation()).isEqualTo(LoneMember.INCARNATION);
        assertThat(member.session.incarnation()).isNotZero();
        JoinedGroup<BarrierArrival> group = joinedBarrier();
        assertThat(member.session.groups()).containsExactly(group);
        welcome(LoneMember.INCARNATION + 1, 0);

        Disconnection loss = member.session.loss();
        assertThat(member.session.outbox().takeEvents())
                .containsExactly(new SessionEvent.SessionLost(loss), new SessionEvent.Disconnected(0, loss));
        assertThat(member.session.counters().received(ChunkType.SESSION_WELCOME))
                .isEqualTo(2);
    }

    @Test
    void whoIsTakenForAMemberByAnotherIncarnationOfTheCoordinatorSaysGoodbyeToIt() {
        member.inSession();
        welcome(LoneMember.INCARNATION + 1, 9);

        assertThat(member.sent()).singleElement().satisfies(goodbye -> {
            assertThat(goodbye.type()).isEqualTo(ChunkType.SESSION_LEAVE);
            assertThat(goodbye.extension().memberId()).isEqualTo(9);
            assertThat(goodbye.extension().incarnation()).isEqualTo(member.session.incarnation());
        });
    }

    @Test
    void whoIsTakenForAMemberByNobodySaysNoGoodbye() {
        member.inSession();
        welcome(LoneMember.INCARNATION + 1, 0);

        assertThat(member.session.loss()).isNotNull();
        assertThat(member.sent()).isEmpty();
    }

    @Test
    void whatComesAfterTheEndOfTheSessionIsDropped() {
        member.inSession();
        member.session.leave();
        assertThat(member.sentTypes()).containsExactly(ChunkType.SESSION_LEAVE);
        welcome(LoneMember.INCARNATION, LoneMember.ID);

        assertThat(dropped(DropReason.UNEXPECTED)).isOne();
        member.session.onDeadline(LoneMember.TIMEOUT_NANOS);
        member.session.leave();
        assertThat(member.sent()).isEmpty();
        assertThat(member.session.loss().cause()).isEqualTo(Disconnection.Cause.LEFT);
    }

    @Test
    void aLegacyCoordinatorGetsNoGoodbyeThatItDoesNotKnow() {
        member.inLegacySession();
        member.session.leave();

        assertThat(member.sent()).isEmpty();
        assertThat(member.session.coordinatorIncarnation()).isZero();
    }

    @Test
    void datagramsOfOthersAndSuchThatAreTooLongAreDropped() {
        member.inSession();
        member.receive(
                new InetSocketAddress("10.0.0.9", 7400),
                chunk -> ChunkWriter.sequenced(chunk, ChunkType.GROUP_ACK, 0, 0));
        assertThat(dropped(DropReason.FOREIGN_SOURCE)).isOne();
        for (int more : new int[] {0, 1}) {
            member.receive(COORDINATOR, chunk -> {
                ChunkWriter.sequenced(chunk, ChunkType.GROUP_ACK, 7, 0);
                chunk.position(Session.CHUNK_BYTES + more);
            });
        }

        assertThat(dropped(DropReason.OVERSIZED)).isOne();
        assertThat(dropped(DropReason.UNKNOWN_GROUP)).isOne();
    }

    @Test
    void chunksThatNoCoordinatorSendsAreDropped() {
        member.inSession();
        member.receive(chunk -> ChunkWriter.session(chunk, ChunkType.SESSION_HEARTBEAT));

        assertThat(dropped(DropReason.UNEXPECTED)).isOne();
    }

    @Test
    void whoIsCalledByALaterIdWasForgottenAndIsOutOfItsGroups() {
        member.inSession();
        JoinedGroup<BarrierArrival> group = joinedBarrier();
        welcome(LoneMember.INCARNATION, LoneMember.ID + 1);

        assertThat(member.sentTypes()).containsExactly(ChunkType.GROUP_LEAVE);
        assertThat(group.disconnection().cause()).isEqualTo(Disconnection.Cause.EVICTED);
        assertThat(member.session.loss()).isNull();
    }

    @Test
    void whoIsCalledByAnEarlierIdHearsOldNewsUnlessItsOwnWasNotUsedForLong() {
        member.inSession();
        JoinedGroup<BarrierArrival> group = joinedBarrier();
        member.nowNanos = LoneMember.TIMEOUT_NANOS - 1;
        welcome(LoneMember.INCARNATION, LoneMember.ID - 1);
        assertThat(dropped(DropReason.EARLIER_INCARNATION)).isOne();
        assertThat(group.state()).isEqualTo(JoinedGroup.State.JOINED);
        member.nowNanos = LoneMember.TIMEOUT_NANOS;
        welcome(LoneMember.INCARNATION, LoneMember.ID - 1);

        assertThat(group.state()).isEqualTo(JoinedGroup.State.OUT);
    }

    @Test
    void whoIsSaidToBeNoMemberAndBelievesItSaysGoodbyeToTheGroup() {
        member.inSession();
        JoinedGroup<BarrierArrival> group = joinedBarrier();
        member.receive(chunk -> ChunkWriter.groupDisconnected(chunk, 0, "not a member", 0));
        assertThat(member.sentTypes()).containsExactly(ChunkType.SESSION_JOIN);
        welcome(LoneMember.INCARNATION, LoneMember.ID);

        assertThat(member.sentTypes()).containsExactly(ChunkType.GROUP_LEAVE);
        assertThat(group.state()).isEqualTo(JoinedGroup.State.OUT);
    }

    @ParameterizedTest
    @CsvSource({"5, true", "0, true", "6, false"})
    void aWelcomeForAnotherMemberIsNotTakenAndTheCoordinatorIsAsked(int memberId, boolean taken) {
        member.inSession();
        JoinedGroup<BarrierArrival> group = joinBarrier();
        groupWelcome(EPOCH, memberId);

        assertThat(group.state() == JoinedGroup.State.JOINED).isEqualTo(taken);
        assertThat(member.sentTypes()).containsExactly(taken ? ChunkType.GROUP_ACK : ChunkType.SESSION_JOIN);
        assertThat(dropped(DropReason.EARLIER_INCARNATION)).isEqualTo(taken ? 0 : 1);
    }

    @Test
    void whomALegacyCoordinatorWelcomesIsNotForItToSay() {
        member.inLegacySession();
        JoinedGroup<BarrierArrival> group = joinBarrier();
        groupWelcome(EPOCH, 9);

        assertThat(group.state()).isEqualTo(JoinedGroup.State.JOINED);
    }

    @ParameterizedTest
    @CsvSource({"3, 4", "0, 1", "1, 0"})
    void theEndOfARoundOfAnotherGroupWithTheIdIsNotTaken(int epoch, int otherEpoch) {
        member.inSession();
        JoinedGroup<BarrierArrival> group = joinBarrier();
        groupWelcome(epoch, LoneMember.ID);
        group.work().arrive(0);
        member.receive(chunk -> ChunkWriter.barrierReleased(chunk, 0, 0, 2, otherEpoch, 0));
        assertThat(group.work().outcome().round()).isEqualTo(-1);
        assertThat(dropped(DropReason.FOREIGN_SOURCE)).isOne();
        member.receive(chunk -> ChunkWriter.barrierReleased(chunk, 0, 0, 2, epoch, 0));

        assertThat(group.work().outcome().round()).isZero();
    }

    @Test
    void aWelcomeOfAnotherGroupWithTheIdHasTheCoordinatorAsked() {
        member.inSession();
        joinedBarrier();
        groupWelcome(EPOCH + 1, LoneMember.ID);

        assertThat(member.sentTypes()).containsExactly(ChunkType.SESSION_JOIN);
        assertThat(dropped(DropReason.FOREIGN_SOURCE)).isOne();
    }

    @Test
    void whatIsMeantForAnotherMembershipIsDropped() {
        member.inSession();
        JoinedGroup<BarrierArrival> group = joinBarrier();
        member.receive(chunk -> ChunkWriter.groupWelcome(chunk, 0, 0, EPOCH, LoneMember.ID, 1));

        assertThat(group.state()).isEqualTo(JoinedGroup.State.JOINING);
        assertThat(dropped(DropReason.EARLIER_INCARNATION)).isOne();
        assertThat(member.sentTypes()).containsExactly(ChunkType.GROUP_LEAVE);
    }

    @Test
    void aGroupIsForgottenOnceThisMemberIsOut() {
        member.inSession();
        JoinedGroup<BarrierArrival> group = joinedBarrier();
        member.session.removeGroup(group);
        assertThat(member.session.group(GroupLabel.of(0))).isNotNull();
        assertThatThrownBy(() -> member.session.join(BroadcastKind.BROADCAST, 0, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("group 0");
        member.receive(chunk -> ChunkWriter.groupDisconnected(chunk, 0, "", 0));
        assertThat(member.session.group(GroupLabel.of(0))).isNull();
        assertThat(member.session.groups()).containsExactly(group);
        JoinedGroup<BarrierArrival> again = joinBarrier();
        member.session.removeGroup(group);

        assertThat(member.session.groups()).containsExactly(again);
    }

    @Test
    void aGroupThatThisMemberIsOutOfIsRemoved() {
        member.inSession();
        JoinedGroup<BarrierArrival> group = joinedBarrier();
        member.receive(chunk -> ChunkWriter.groupDisconnected(chunk, 0, "", 0));
        member.session.removeGroup(group);

        assertThat(member.session.groups()).isEmpty();
    }

    @Test
    void whatIsSaidOfASmallerWindowIsReportedMoreOften() {
        member.receive(chunk -> {
            ChunkWriter.sessionWelcome(
                    chunk, SimulatedNetwork.MULTICAST, Session.CHUNK_BYTES, LoneMember.HEARTBEAT_NANOS);
            new Extension(
                            Extension.VERSION,
                            Extension.VERSION,
                            EarlierBuild.CAPABILITIES,
                            16,
                            1 << 20,
                            7,
                            LoneMember.ID,
                            0,
                            "",
                            "",
                            "",
                            GroupDelivery.MULTICAST,
                            0,
                            0,
                            JoinToken.NONE,
                            PathReport.NONE)
                    .write(chunk);
        });
        member.session.join(BroadcastKind.BROADCAST, 1, 0);
        member.receive(chunk -> ChunkWriter.sequenced(chunk, ChunkType.GROUP_WELCOME, 1, 0));
        member.sent();
        member.receive(chunk -> ChunkWriter.sequenced(chunk, ChunkType.BROADCAST_MESSAGE, 1, 0));
        assertThat(member.sent()).isEmpty();
        member.receive(chunk -> ChunkWriter.sequenced(chunk, ChunkType.BROADCAST_MESSAGE, 1, 1));

        assertThat(member.sentTypes()).containsExactly(ChunkType.BROADCAST_STATUS);
    }
}
