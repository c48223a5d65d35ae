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
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.group.DisconnectReason;
import io.camure.protocol.group.MemberView;
import io.camure.protocol.round.LossPolicy;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets into a group, and who is told of it, at its coordinator. */
class GroupMembersTest extends LoneGroup {

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
        assertThat(sentTypes()).containsExactly(ChunkType.GROUP_PENDING, ChunkType.GROUP_PENDING);
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
    void eachGroupHasAnEpochOfItsOwnThatFollowsFromNothing() {
        create(AUTOMATIC);
        int before = group.epoch();
        coordinator.session.removeGroup(group);
        create(AUTOMATIC);

        long incarnation = coordinator.session.incarnation();
        assertThat(Math.abs((long) group.epoch() - before)).isGreaterThan(1000);
        for (int half : new int[] {(int) incarnation, (int) (incarnation >>> Integer.SIZE)}) {
            assertThat(Math.abs((long) group.epoch() - half)).isGreaterThan(1000);
            assertThat(Math.abs((long) before - half)).isGreaterThan(1000);
        }
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
}
