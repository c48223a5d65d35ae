package io.camure.protocol;

import static io.camure.protocol.LoneCoordinator.NODE;
import static io.camure.protocol.LoneCoordinator.TIMEOUT_NANOS;
import static io.camure.protocol.Session.AUTOMATIC;
import static io.camure.protocol.Session.MANUAL;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.camure.protocol.LoneCoordinator.Sent;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.barrier.LossPolicy;
import io.camure.protocol.base.Departure;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.Admission;
import io.camure.protocol.group.DisconnectReason;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.group.MemberView;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.Extension;
import io.camure.wire.GroupType;
import io.camure.wire.NodeIdentity;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets into a group, who is told of it, and how it ends, at its coordinator. */
class GroupMembersTest {

    private static final NodeIdentity IDENTITY = new NodeIdentity("", LoneCoordinator.NODE, 1);

    private static final int ID = 3;
    private static final int MEMBERSHIP = 40;
    private static final InetSocketAddress OTHER = new InetSocketAddress("10.0.0.3", 10000);

    private final LoneCoordinator coordinator = new LoneCoordinator();
    private ManagedGroup<BarrierRound> group;

    private void create(Admission admission) {
        group = coordinator.session.create(BarrierKind.BARRIER, ID, admission, LossPolicy.CONTINUE);
        assertThat(group.id()).isEqualTo(ID);
    }

    private void ask(InetSocketAddress address) {
        ask(address, MEMBERSHIP);
    }

    private void ask(InetSocketAddress address, int membership) {
        coordinator.receiveGroupJoin(address, ID, GroupType.BARRIER, membership);
    }

    private void confirm(InetSocketAddress address) {
        coordinator.receive(address, chunk -> ChunkWriter.welcomeAck(chunk, ID, 0, MEMBERSHIP));
    }

    private void leave(InetSocketAddress address) {
        coordinator.receive(address, chunk -> ChunkWriter.groupLeave(chunk, ID, MEMBERSHIP));
    }

    private void leaveSession(InetSocketAddress address, long incarnation, int memberId) {
        coordinator.receive(address, chunk -> {
            ChunkWriter.session(chunk, ChunkType.SESSION_LEAVE);
            Extension.offer(0, 0, 0, incarnation).withMemberId(memberId).write(chunk);
        });
    }

    private List<SessionEvent> events() {
        return coordinator.session.outbox().takeEvents();
    }

    private List<ChunkType> sentTypes() {
        return coordinator.sent().stream().map(Sent::type).toList();
    }

    @Test
    void aMemberIsToldOfAndShownFromItsConfirmationOn() {
        create(AUTOMATIC);
        ask(NODE);
        assertThat(coordinator.sent()).singleElement().satisfies(welcome -> {
            assertThat(welcome.chunk().epoch()).isEqualTo(Integer.toUnsignedLong(group.epoch()));
            assertThat(welcome.chunk().welcomedMember()).isOne();
            assertThat(welcome.chunk().membership()).isEqualTo(MEMBERSHIP);
        });
        assertThat(events()).isEmpty();
        assertThat(group.members()).isEmpty();
        coordinator.nowNanos = 7;
        confirm(NODE);
        coordinator.nowNanos = 9;
        coordinator.receive(NODE, chunk -> ChunkWriter.session(chunk, ChunkType.SESSION_HEARTBEAT));

        assertThat(events()).containsExactly(new SessionEvent.MemberJoined(ID, IDENTITY));
        assertThat(group.members()).containsExactly(new MemberView(IDENTITY, 7, 9));
        assertThat(group.nextDeadlineNanos()).as("its welcome is not repeated").isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void oneGetsInForEachAccept() {
        create(MANUAL);
        ask(NODE);
        ask(OTHER);
        assertThat(sentTypes()).isEmpty();
        group.beginAccept(0);
        assertThat(coordinator.sent()).extracting(Sent::destination).containsExactly(NODE);
        confirm(NODE);
        assertThat(coordinator.sent()).as("the other one waits for the next").isEmpty();
        assertThat(group.pollAccepted()).isEqualTo(IDENTITY);
        assertThat(group.pollAccepted()).isNull();
        group.endAccept();
        assertThat(group.hasWaiting()).isTrue();
        group.beginAccept(0);

        assertThat(coordinator.sent()).extracting(Sent::destination).containsExactly(OTHER);
        assertThat(group.hasWaiting()).isFalse();
    }

    @Test
    void anAcceptWhoseNodeGoesIsForTheNextThatWaits() {
        create(MANUAL);
        group.beginAccept(0);
        ask(NODE);
        ask(OTHER);
        coordinator.sent();
        leave(NODE);
        assertThat(coordinator.sent())
                .extracting(Sent::destination, Sent::type)
                .contains(tuple(OTHER, ChunkType.GROUP_WELCOME));
        confirm(OTHER);
        leave(OTHER);

        assertThat(group.pollAccepted())
                .as("it has gone before anybody took note")
                .isNull();
    }

    @Test
    void whoStopsWaitingIsWaitedForNoLonger() {
        create(MANUAL);
        ask(NODE);
        assertThat(group.hasWaiting()).isTrue();
        leave(NODE);

        assertThat(group.hasWaiting()).isFalse();
        assertThat(events()).isEmpty();
    }

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
        assertThat(coordinator.session.hasGroup(ID)).isFalse();
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
    void eachGroupHasAnEpochOfItsOwn() {
        create(AUTOMATIC);
        int before = group.epoch();
        coordinator.session.removeGroup(group);
        create(AUTOMATIC);

        assertThat(group.epoch()).isEqualTo(before + 1);
    }

    @Test
    void theLowestIdThatNoGroupHasIsFree() {
        for (int id : new int[] {0, 1, 3}) {
            coordinator.session.create(BarrierKind.BARRIER, id, AUTOMATIC, LossPolicy.CONTINUE);
        }

        assertThat(coordinator.session.firstFreeGroupId()).isEqualTo(2);
    }

    @Test
    void aJoinOfAMembershipThatHasEndedIsAnsweredSoAndALaterOneIsTaken() {
        create(AUTOMATIC);
        ask(NODE);
        confirm(NODE);
        leave(NODE);
        coordinator.sent();
        ask(NODE, MEMBERSHIP);
        assertThat(coordinator.sent()).singleElement().satisfies(told -> {
            assertThat(told.type()).isEqualTo(ChunkType.GROUP_DISCONNECTED);
            assertThat(told.chunk().reason()).isEqualTo(DisconnectReason.TIMEOUT);
            assertThat(told.chunk().membership()).isEqualTo(MEMBERSHIP);
        });
        assertThat(coordinator.dropped(DropReason.EARLIER_INCARNATION)).isOne();
        ask(NODE, MEMBERSHIP + 1);

        assertThat(sentTypes()).containsExactly(ChunkType.GROUP_WELCOME);
    }

    @Test
    void goodbyesOfStrangersAndOfOtherIncarnationsChangeNothing() {
        leaveSession(NODE, 1, 1);
        assertThat(coordinator.dropped(DropReason.NOT_IN_SESSION)).isOne();
        coordinator.receiveJoin(NODE, 1);
        leaveSession(NODE, 2, 1);
        leaveSession(NODE, 1, 2);
        assertThat(coordinator.dropped(DropReason.EARLIER_INCARNATION)).isEqualTo(2);
        coordinator.receive(NODE, chunk -> ChunkWriter.session(chunk, ChunkType.SESSION_LEAVE));
        assertThat(coordinator.dropped(DropReason.NOT_IN_SESSION)).isEqualTo(2);
        assertThat(coordinator.session.peerCount()).isOne();
        leaveSession(NODE, 1, 1);

        assertThat(coordinator.session.peerCount()).isZero();
        assertThat(coordinator.session.counters().received(ChunkType.SESSION_LEAVE))
                .isEqualTo(5);
    }

    /** It was to repeat a welcome after 100 ms, and a heartbeat interval is a second. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1})
    void aCoordinatorThatWasStoppedForLongerThanAHeartbeatIntervalGivesItsMembersThatTimeMore(long more) {
        create(AUTOMATIC);
        ask(NODE);
        coordinator.nowNanos = MILLISECONDS.toNanos(1100) + more;
        coordinator.session.onDeadline(coordinator.nowNanos);
        while (coordinator.session.peerCount() > 0) {
            coordinator.passDeadline();
        }

        assertThat(coordinator.nowNanos).isEqualTo(more == 0 ? TIMEOUT_NANOS : TIMEOUT_NANOS + SECONDS.toNanos(1) + 1);
    }

    @Test
    void datagramsOfTheChunkSizeAreTakenAndLongerOnesAreNot() {
        coordinator.receive(NODE, chunk -> {
            ChunkWriter.session(chunk, ChunkType.SESSION_HEARTBEAT);
            chunk.position(Session.CHUNK_BYTES);
        });
        assertThat(coordinator.dropped(DropReason.OVERSIZED)).isZero();
        ByteBuffer longer = ByteBuffer.allocate(Session.CHUNK_BYTES + 1);
        ChunkWriter.session(longer, ChunkType.SESSION_HEARTBEAT);
        longer.rewind();
        coordinator.session.onDatagram(NODE, longer, 0);

        assertThat(coordinator.dropped(DropReason.OVERSIZED)).isOne();
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
