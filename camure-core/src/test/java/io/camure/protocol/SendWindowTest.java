package io.camure.protocol;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.LoneCoordinator.Sent;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.Admission;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.window.SendWindow;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.GroupType;
import io.camure.wire.NodeIdentity;
import io.camure.wire.SequenceNumbers;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** When the sender of a broadcast sends and repeats, whom it admits, and what it learns of what its members report. */
class SendWindowTest extends LoneBroadcast {

    @Test
    void theWayIntoTheGroupIsTheFirstRoundTrip() {
        join(NODE);

        assertThat(group.roundTripNanos()).isEqualTo(ROUND_TRIP_NANOS);
        assertThat(window.roundTripNanos()).isEqualTo(ROUND_TRIP_NANOS);
    }

    @Test
    void anAnswerIsMeasuredWithoutTheTimeThatTheMemberHasWaited() {
        join(NODE);
        write();
        pass(MILLISECONDS.toNanos(50));
        report(NODE, first + 1, first + 1, 64, first, MILLISECONDS.toMicros(12));

        // 38 ms, by an eighth.
        assertThat(group.roundTripNanos()).isEqualTo(MILLISECONDS.toNanos(31));
    }

    @Test
    void whatTellsOfNoChunkThatWasSentOnceIsNotMeasured() {
        join(NODE);
        write();
        pass(MILLISECONDS.toNanos(1));
        write();
        pass(MILLISECONDS.toNanos(69));
        report(NODE, first, first + 2, 64, first - 1, 0, 0x80);
        report(NODE, first, first + 2, 64, first + 2, 0, 0x80);
        assertThat(group.roundTripNanos()).as("before the first, and not sent").isEqualTo(ROUND_TRIP_NANOS);
        pass(MILLISECONDS.toNanos(10));
        report(NODE, first + 2, first + 2, 64, first, 0);

        assertThat(group.roundTripNanos()).as("sent again").isEqualTo(ROUND_TRIP_NANOS);
    }

    @Test
    void theFirstChunkOfAMemberIsMeasured() {
        join(NODE);
        write();
        pass(MILLISECONDS.toNanos(38));
        report(NODE, first + 1, first + 1, 64, first, 0);

        assertThat(group.roundTripNanos()).isEqualTo(MILLISECONDS.toNanos(31));
    }

    @Test
    void noMoreIsSentThanTheMemberHasRoomForAndTheRestWhenItHas() {
        join(NODE, 4, 1 << 20);
        for (int i = 0; i < 6; i++) {
            write();
            pass(SendWindow.GATHER_NANOS);
        }
        coordinator.session.onDeadline(coordinator.nowNanos);
        assertThat(dataSent()).containsExactly(0L, 1L, 2L, 3L);
        report(NODE, first + 4, first + 4, 0);
        assertThat(dataSent()).isEmpty();
        assertThat(window.keptChunks()).isEqualTo(2);

        report(NODE, first + 4, first + 4, 1);
        assertThat(dataSent()).containsExactly(4L);
        report(NODE, first + 5, first + 5, 3);
        assertThat(dataSent()).containsExactly(5L);
    }

    @Test
    void noMoreIsOnItsWayThanTheSmallestSocketBufferHolds() {
        join(NODE);
        join(OTHER, 64, 10 * (832 + Session.CHUNK_BYTES));
        for (int i = 0; i < 12; i++) {
            write();
            pass(SendWindow.GATHER_NANOS);
        }

        assertThat(dataSent()).hasSize(10).endsWith(9L);
    }

    @Test
    void messagesInQuickSuccessionLeaveOnceTheyAreAWholeRun() {
        join(NODE);
        write();
        assertThat(dataSent()).containsExactly(0L);
        // A quarter of the window of 64 chunks of 508 bytes, less a chunk; each of these has 310.
        for (int i = 1; i <= 24; i++) {
            write();
        }
        assertThat(dataSent()).isEmpty();
        write();

        assertThat(dataSent()).hasSize(25).endsWith(25L);
    }

    @Test
    void thereIsRoomForTheWindowFromTheFirstChunkOnThatSomebodyLacks() {
        join(NODE);
        join(OTHER);
        assertThat(window.room()).isEqualTo(64);
        assertThat(window.slots()).isEqualTo(64);
        for (int i = 0; i < 60; i++) {
            write();
            pass(SendWindow.GATHER_NANOS);
        }
        assertThat(window.room()).isEqualTo(4);
        assertThat(window.hasRoomAgain()).as("less than an eighth").isFalse();
        report(NODE, first + 60, first + 60, 64);
        assertThat(window.room()).isEqualTo(4);
        report(OTHER, first + 4, first + 4, 64);

        assertThat(window.room()).isEqualTo(8);
        assertThat(window.hasRoomAgain()).isTrue();
        assertThat(window.isAcknowledged(first + 4)).isTrue();
        assertThat(window.isAcknowledged(first + 5)).isFalse();
        assertThat(window.receipts().lacking(first + 60))
                .extracting(NodeIdentity::address)
                .containsExactly(OTHER);
        assertThat(window.receipts().lacking(first + 4)).isEmpty();
    }

    @Test
    void aMessageThatIsGivenUpIsEndedByAnEmptyFirstFragmentAndNoneIsSentWithoutOne() {
        join(NODE);
        window.abandonMessage(coordinator.nowNanos);
        assertThat(coordinator.sent()).isEmpty();
        write(ChunkType.BROADCAST_FIRST_FRAGMENT, 300);
        assertThat(coordinator.sent()).as("gathered until its end").isEmpty();
        window.abandonMessage(coordinator.nowNanos);

        assertThat(coordinator.sent()).hasSize(2).last().satisfies(end -> {
            assertThat(end.type()).isEqualTo(ChunkType.BROADCAST_FIRST_FRAGMENT);
            assertThat(end.chunk().payloadBytes()).isZero();
        });
        assertThat(window.canBegin(false, false, 1472)).isTrue();
    }

    @Test
    void nobodyIsAdmittedInTheMiddleOfAMessage() {
        join(NODE);
        write(ChunkType.BROADCAST_FIRST_FRAGMENT, 300);
        pass(SECONDS.toNanos(1));
        coordinator.session.onDeadline(coordinator.nowNanos);
        coordinator.receiveGroupJoin(OTHER, GROUP, GroupType.BROADCAST, MEMBERSHIP);
        assertThat(group.hasWaiting()).isTrue();
        assertThat(coordinator.sent()).extracting(Sent::type).doesNotContain(ChunkType.GROUP_WELCOME);
        write(ChunkType.BROADCAST_FINAL_FRAGMENT, 300);

        assertThat(group.hasWaiting()).isFalse();
        assertThat(coordinator.sent()).extracting(Sent::type).endsWith(ChunkType.GROUP_WELCOME);
    }

    @Test
    void whoWaitsForAMessageThatIsGivenUpIsAdmittedThen() {
        join(NODE);
        write(ChunkType.BROADCAST_FIRST_FRAGMENT, 300);
        pass(SECONDS.toNanos(1));
        coordinator.session.onDeadline(coordinator.nowNanos);
        coordinator.receiveGroupJoin(OTHER, GROUP, GroupType.BROADCAST, MEMBERSHIP);
        assertThat(group.hasWaiting()).isTrue();
        window.abandonMessage(coordinator.nowNanos);
        coordinator.passDeadline();

        assertThat(group.hasWaiting()).isFalse();
    }

    @Test
    void whoIsAdmittedBehindAMessageThatWasGivenUpIsNotToldOfIt() {
        join(NODE, 1, 1 << 20);
        write(ChunkType.BROADCAST_FIRST_FRAGMENT, 300);
        pass(SECONDS.toNanos(1));
        coordinator.session.onDeadline(coordinator.nowNanos);
        write(ChunkType.BROADCAST_FRAGMENT, 300);
        pass(SECONDS.toNanos(1));
        coordinator.session.onDeadline(coordinator.nowNanos);
        assertThat(dataSent()).as("there is no room for more").containsExactly(0L);
        coordinator.receiveGroupJoin(OTHER, GROUP, GroupType.BROADCAST, MEMBERSHIP);
        assertThat(group.hasWaiting()).isTrue();
        window.abandonMessage(coordinator.nowNanos);

        assertThat(coordinator.sent())
                .filteredOn(one -> one.type() == ChunkType.GROUP_WELCOME)
                .singleElement()
                .satisfies(welcome -> assertThat(
                                SequenceNumbers.extend(first, welcome.chunk().sequence()))
                        .as("the end of the message, which only %s has begun, is in front of it", NODE)
                        .isEqualTo(first + 3));
        report(NODE, first + 1, first + 1, 3);
        assertThat(dataSent()).containsExactly(1L, 2L);
    }

    @Test
    void aLegacyPeerIsAdmittedOnceAllHasLeftAndNothingIsBegunBefore() {
        join(NODE, 1, 1 << 20);
        write();
        pass(SendWindow.GATHER_NANOS);
        write();
        dataSent();
        coordinator.receive(OTHER, chunk -> ChunkWriter.groupJoin(chunk, GROUP, GroupType.BROADCAST));
        assertThat(group.hasWaiting()).isTrue();
        assertThat(window.room()).isZero();
        report(NODE, first + 1, first + 1, 1);

        assertThat(coordinator.sent())
                .extracting(Sent::type)
                .containsExactly(ChunkType.BROADCAST_MESSAGE, ChunkType.GROUP_WELCOME);
        assertThat(window.room()).isEqualTo(63);
    }

    @Test
    void reportsThatCanNotBeTrueAreDroppedAndSoAreOldOnes() {
        join(NODE);
        write();
        pass(MILLISECONDS.toNanos(1));
        write();
        report(NODE, first + 1, first + 1, 64);
        dataSent();
        report(NODE, first + 3, first + 3, 64);
        report(NODE, first + 2, first + 1, 64);
        assertThat(coordinator.dropped(DropReason.OUT_OF_WINDOW)).isEqualTo(2);
        report(NODE, first, first + 2, 64, 0x80);
        assertThat(coordinator.dropped(DropReason.DUPLICATE)).isOne();

        assertThat(coordinator.sent()).isEmpty();
        assertThat(window.keptChunks()).isOne();
        assertThat(coordinator.session.counters().statusReports()).isEqualTo(4);
    }

    @Test
    void aStreamNeedsItsMembersToBeginAndNoneToEnd() {
        pass(SECONDS.toNanos(1));
        ManagedGroup<BroadcastSending> expecting =
                coordinator.session.create(BroadcastKind.BROADCAST, 2, new Admission(true, 1), SlowMemberPolicy.WAIT);
        assertThat(expecting.isFormed()).isFalse();
        assertThat(expecting.work().window().room()).isZero();
        coordinator.receiveGroupJoin(NODE, 2, GroupType.BROADCAST, MEMBERSHIP);
        coordinator.receive(
                NODE,
                chunk -> ChunkWriter.welcomeAck(
                        chunk, 2, expecting.work().window().nextSequence(), MEMBERSHIP));
        assertThat(expecting.isFormed()).isTrue();
        coordinator.receive(NODE, chunk -> ChunkWriter.groupLeave(chunk, 2, MEMBERSHIP));

        assertThat(expecting.memberCount()).isZero();
        assertThat(expecting.isFormed()).isTrue();
        assertThat(expecting.work().window().room()).isEqualTo(64);
        expecting.work().window().write(ChunkType.BROADCAST_MESSAGE, ByteBuffer.allocate(10), coordinator.nowNanos);
        assertThat(expecting.isDrained()).as("what is sent to nobody is done").isTrue();
    }
}
