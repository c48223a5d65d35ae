package io.camure.protocol;

import static io.camure.protocol.LoneCoordinator.NODE;
import static io.camure.protocol.LoneCoordinator.TIMEOUT_NANOS;
import static io.camure.protocol.Session.AUTOMATIC;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.LoneCoordinator.Sent;
import io.camure.protocol.base.Departure;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.DisconnectReason;
import io.camure.protocol.group.ManagedGroup;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.GroupType;
import org.junit.jupiter.api.Test;

/** How a group ends at its coordinator: who is told of it, and who has to confirm it. */
class GroupClosingTest extends LoneGroup {

    @Test
    void theEndOfAGroupIsToldToAllAndOfAll() {
        create(AUTOMATIC);
        ask(NODE);
        confirm(NODE);
        coordinator.sent();
        events();
        group.close(0);

        assertThat(coordinator.sent()).singleElement().satisfies(told -> {
            assertThat(told.destination()).isEqualTo(NODE);
            assertThat(told.chunk().reason()).isEqualTo(DisconnectReason.CLOSED);
            assertThat(told.chunk().membership()).isEqualTo(MEMBERSHIP);
        });
        assertThat(events()).containsExactly(new SessionEvent.MemberLeft(ID, IDENTITY, Departure.LEFT));
        assertThat(group.memberCount()).isZero();
        assertThat(group.isStopped()).isTrue();
        assertThat(group.isDrained()).isTrue();
    }

    @Test
    void whoSpeaksToAClosedGroupAndIsYetToConfirmItIsNotToldTwice() {
        create(AUTOMATIC);
        ask(NODE);
        confirm(NODE);
        group.close(0);
        coordinator.sent();
        coordinator.receive(NODE, chunk -> ChunkWriter.barrierReached(chunk, ID, 0, -1, MEMBERSHIP));
        assertThat(coordinator.sent()).isEmpty();
        assertThat(coordinator.dropped(DropReason.NOT_A_MEMBER)).isZero();
        assertThat(group.isCloseConfirmed()).isFalse();
        leave(NODE);

        assertThat(group.isCloseConfirmed()).isTrue();
        assertThat(sentTypes()).containsExactly(ChunkType.GROUP_DISCONNECTED);
    }

    @Test
    void whoLeavesTheSessionNeedNotConfirmTheEndOfAGroup() {
        create(AUTOMATIC);
        ask(NODE);
        confirm(NODE);
        group.close(0);
        leaveSession(NODE, 1, 1);

        assertThat(group.isCloseConfirmed()).isTrue();
        assertThat(coordinator.session.peerCount()).isZero();
    }

    @Test
    void membersOfAGroupThatWasForgottenAreToldAgainUntilTheyConfirmIt() {
        create(AUTOMATIC);
        ask(NODE);
        ask(OTHER);
        confirm(NODE);
        confirm(OTHER);
        group.close(0);
        coordinator.session.removeGroup(group);
        assertThat(coordinator.session.group(ID)).isNull();
        coordinator.sent();
        assertThat(coordinator.passDeadline()).extracting(Sent::destination).containsExactlyInAnyOrder(NODE, OTHER);
        assertThat(coordinator.nowNanos).isEqualTo(MILLISECONDS.toNanos(20));
        leave(NODE);
        coordinator.sent();
        assertThat(coordinator.passDeadline()).extracting(Sent::destination).containsExactly(OTHER);
        leave(OTHER);
        coordinator.sent();

        assertThat(coordinator.session.nextDeadlineNanos())
                .as("whether they live")
                .isGreaterThan(SECONDS.toNanos(1));
    }

    @Test
    void whoIsLostNeedNotConfirmTheEndOfAGroupThatWasForgotten() {
        create(AUTOMATIC);
        ask(NODE);
        confirm(NODE);
        group.close(0);
        coordinator.session.removeGroup(group);
        while (coordinator.session.peerCount() > 0) {
            coordinator.passDeadline();
        }

        assertThat(coordinator.nowNanos).isEqualTo(TIMEOUT_NANOS);
        assertThat(coordinator.session.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aLegacyPeerThatJoinsAnewKnowsOfTheEndOfTheGroupBefore() {
        create(AUTOMATIC);
        coordinator.receive(NODE, chunk -> ChunkWriter.groupJoin(chunk, ID, GroupType.BARRIER));
        coordinator.receive(NODE, chunk -> ChunkWriter.sequenced(chunk, ChunkType.GROUP_ACK, ID, 0));
        assertThat(group.memberCount()).isOne();
        group.close(0);
        coordinator.session.removeGroup(group);
        assertThat(group.isCloseConfirmed()).isFalse();
        coordinator.receive(NODE, chunk -> ChunkWriter.groupJoin(chunk, ID + 1, GroupType.BARRIER));
        assertThat(group.isCloseConfirmed()).as("another group").isFalse();
        coordinator.receive(NODE, chunk -> ChunkWriter.groupJoin(chunk, ID, GroupType.BARRIER));

        assertThat(group.isCloseConfirmed()).isTrue();
        assertThat(coordinator.dropped(DropReason.UNKNOWN_GROUP)).isEqualTo(2);
    }

    @Test
    void whatIsHeldBackForWhoIsBeingAdmittedLeavesWhenTheAdmissionIsEnded() {
        ManagedGroup<BroadcastSending> broadcast =
                coordinator.session.create(BroadcastKind.BROADCAST, 9, AUTOMATIC, SlowMemberPolicy.WAIT);
        coordinator.receive(NODE, chunk -> ChunkWriter.groupJoin(chunk, 9, GroupType.BROADCAST));
        assertThat(broadcast.hasOpenAdmission()).isTrue();
        coordinator.sent();
        broadcast.stop();
        broadcast.endAdmissions(0);

        assertThat(broadcast.hasOpenAdmission()).isFalse();
        assertThat(coordinator.sent()).singleElement().satisfies(told -> {
            assertThat(told.chunk().reason()).isEqualTo(DisconnectReason.CLOSED);
        });
        assertThat(broadcast.roundTripNanos()).isNegative();
        broadcast.close(0);
        assertThat(broadcast.work().window().room()).isZero();
    }
}
