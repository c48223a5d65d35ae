package io.camure.protocol;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.window.ReceiveWindow;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a member of a broadcast keeps of what it gets, and what it says of it, to a negotiated and to a legacy coordinator. */
class ReceiveWindowTest {

    private static final int GROUP = 1;
    private static final int FIRST = 100;
    private static final int SLOTS = 64;

    private final LoneMember member = new LoneMember();
    private JoinedGroup<BroadcastReceiving> group;
    private ReceiveWindow window;

    private void beIn() {
        group = member.session.join(BroadcastKind.BROADCAST, GROUP, 0);
        member.receive(chunk -> ChunkWriter.sequenced(chunk, ChunkType.GROUP_WELCOME, GROUP, FIRST));
        assertThat(group.state()).isEqualTo(JoinedGroup.State.JOINED);
        window = group.work().window();
        member.sent();
    }

    private void beInNegotiated() {
        member.inSession();
        beIn();
    }

    private void beInLegacy() {
        member.inLegacySession();
        beIn();
    }

    private void receive(int sequence) {
        member.receive(chunk -> {
            ChunkWriter.sequenced(chunk, ChunkType.BROADCAST_MESSAGE, GROUP, sequence);
            chunk.putInt(sequence);
        });
    }

    private void query(int end) {
        member.receive(chunk -> ChunkWriter.sequenced(chunk, ChunkType.BROADCAST_QUERY, GROUP, end));
        member.session.onDeadline(member.nowNanos);
    }

    private void read(int count) {
        for (int i = 0; i < count; i++) {
            byte[] message = new byte[window.nextBytes()];
            window.read(message, 0, message.length, member.nowNanos);
        }
    }

    private long dropped(DropReason reason) {
        return member.session.counters().dropped(reason);
    }

    private ChunkReader report() {
        List<ChunkReader> sent = member.sent();
        assertThat(sent).singleElement().extracting(ChunkReader::type).isEqualTo(ChunkType.BROADCAST_STATUS);
        return sent.get(0);
    }

    private List<Integer> acknowledged() {
        List<ChunkReader> sent = member.sent();
        assertThat(sent).extracting(ChunkReader::type).allMatch(type -> type == ChunkType.GROUP_ACK);
        return sent.stream().map(ChunkReader::sequence).toList();
    }

    @Test
    void aQuestionIsAnsweredWithAllThatIsHere() {
        beInNegotiated();
        member.nowNanos = MILLISECONDS.toNanos(10);
        for (int sequence : new int[] {FIRST, FIRST + 1, FIRST + 3, FIRST + 4, FIRST + 12}) {
            receive(sequence);
        }
        member.nowNanos += MILLISECONDS.toNanos(7);
        query(FIRST + 14);

        ChunkReader report = report();
        assertThat(report.sequence()).isEqualTo(FIRST + 2);
        assertThat(report.statusEnd()).isEqualTo(FIRST + 14);
        assertThat(report.statusRoom()).isEqualTo(SLOTS - 2);
        assertThat(report.statusNewest()).isEqualTo(FIRST + 12);
        assertThat(report.statusDelayMicros()).isEqualTo(7000);
        assertThat(List.of(1, 2, 10)).allMatch(report::statusHas);
        assertThat(List.of(3, 4, 9, 11)).noneMatch(report::statusHas);
        assertThat(report.payloadBytes())
                .as("a bit for each chunk behind the first missing one")
                .isEqualTo(2);
        assertThat(window.keptChunks()).isEqualTo(14);
        assertThat(window.slots()).isEqualTo(SLOTS);
        assertThat(member.session.counters().statusReports()).isOne();
    }

    @Test
    void whoHasNothingYetSaysSo() {
        beInNegotiated();
        query(FIRST);

        ChunkReader report = report();
        assertThat(report.sequence()).isEqualTo(FIRST);
        assertThat(report.statusEnd()).isEqualTo(FIRST);
        assertThat(report.statusRoom()).isEqualTo(SLOTS);
        assertThat(report.statusNewest()).isEqualTo(FIRST - 1);
        assertThat(report.payloadBytes()).isZero();
    }

    @Test
    void aGapIsToldOnceAtTheEndOfTheTurn() {
        beInNegotiated();
        receive(FIRST + 1);
        assertThat(member.sent()).isEmpty();
        assertThat(member.session.nextDeadlineNanos()).isLessThanOrEqualTo(member.nowNanos);
        member.session.onDeadline(member.nowNanos);
        assertThat(report().sequence()).isEqualTo(FIRST);
        receive(FIRST + 2);
        member.session.onDeadline(member.nowNanos);

        assertThat(member.sent()).as("that gap is known").isEmpty();
    }

    /** The smaller of both windows has 64 chunks. */
    @Test
    void anEighthOfTheWindowIsReportedUnasked() {
        beInNegotiated();
        for (int i = 0; i < 7; i++) {
            receive(FIRST + i);
        }
        assertThat(member.sent()).isEmpty();
        receive(FIRST + 7);
        assertThat(report().sequence()).isEqualTo(FIRST + 8);
        receive(FIRST + 8);

        assertThat(member.sent()).isEmpty();
    }

    @Test
    void whoIsQuietForASecondReports() {
        beInNegotiated();
        receive(FIRST);
        while (member.nowNanos < SECONDS.toNanos(1)) {
            assertThat(member.session.nextDeadlineNanos()).isGreaterThan(member.nowNanos);
            member.nowNanos = member.session.nextDeadlineNanos();
            assertThat(member.sent()).isEmpty();
            member.session.onDeadline(member.nowNanos);
        }

        assertThat(member.nowNanos).isEqualTo(SECONDS.toNanos(1));
        assertThat(member.sentTypes()).contains(ChunkType.BROADCAST_STATUS);
        assertThat(group.nextDeadlineNanos()).isEqualTo(SECONDS.toNanos(2));
    }

    @Test
    void whatComesAgainThoughItWasReportedIsReportedAgain() {
        beInNegotiated();
        receive(FIRST);
        query(FIRST + 1);
        member.sent();
        receive(FIRST);
        member.session.onDeadline(member.nowNanos);
        assertThat(report().sequence()).isEqualTo(FIRST + 1);
        assertThat(dropped(DropReason.DUPLICATE)).isOne();
        read(1);
        receive(FIRST);
        member.session.onDeadline(member.nowNanos);

        assertThat(report().sequence()).as("read already").isEqualTo(FIRST + 1);
        assertThat(dropped(DropReason.DUPLICATE)).isEqualTo(2);
    }

    @Test
    void whatComesAgainBeforeItWasReportedIsNoReasonToReport() {
        beInNegotiated();
        receive(FIRST);
        receive(FIRST);
        member.session.onDeadline(member.nowNanos);

        assertThat(member.sent()).isEmpty();
    }

    @Test
    void aReaderThatHasHeldTheSenderBackTellsOfItsRoom() {
        beInNegotiated();
        for (int i = 0; i < SLOTS; i++) {
            receive(FIRST + i);
        }
        member.sent();
        receive(FIRST + SLOTS);
        assertThat(dropped(DropReason.OUT_OF_WINDOW)).isOne();
        read(SLOTS / 4 - 1);
        assertThat(member.sent()).isEmpty();
        read(1);

        ChunkReader report = report();
        assertThat(report.sequence()).isEqualTo(FIRST + SLOTS);
        assertThat(report.statusRoom()).isEqualTo(SLOTS / 4);
    }

    @Test
    void aReaderThatHoldsNobodyBackSaysNothing() {
        beInNegotiated();
        for (int i = 0; i < SLOTS / 2; i++) {
            receive(FIRST + i);
        }
        member.sent();
        read(SLOTS / 2);

        assertThat(member.sent()).isEmpty();
    }

    @Test
    void theLastChunkThatThereIsRoomForIsKept() {
        beInNegotiated();
        receive(FIRST + SLOTS - 1);
        assertThat(dropped(DropReason.OUT_OF_WINDOW)).isZero();
        assertThat(window.keptChunks()).isEqualTo(SLOTS);
        receive(FIRST + SLOTS);

        assertThat(dropped(DropReason.OUT_OF_WINDOW)).isOne();
        assertThat(window.keptChunks()).isEqualTo(SLOTS);
    }

    @Test
    void whatCanNotBeForThisMemberIsAnsweredSoThatItsSenderSaysSo() {
        beInNegotiated();
        // A sender has no more than 1024 chunks on their way.
        receive(FIRST + 1023);
        assertThat(member.sent()).isEmpty();
        receive(FIRST + 1024);
        assertThat(member.sent()).singleElement().satisfies(answer -> {
            assertThat(answer.type()).isEqualTo(ChunkType.GROUP_ACK);
            assertThat(answer.sequence()).isEqualTo(FIRST + 1024);
        });
        receive(FIRST - 1025);
        assertThat(acknowledged()).isEmpty();
        receive(FIRST - 1026);
        assertThat(acknowledged()).containsExactly(FIRST - 1026 & 0xFFFF);
        assertThat(dropped(DropReason.OUT_OF_WINDOW)).isEqualTo(3);
        query(FIRST + 1025);

        assertThat(member.sent())
                .filteredOn(sent -> sent.type() == ChunkType.GROUP_ACK)
                .extracting(ChunkReader::sequence)
                .containsExactly(FIRST + 1024);
    }

    @Test
    void aLegacyCoordinatorGetsEachChunkAcknowledgedAgainWhenItComesAgain() {
        beInLegacy();
        receive(FIRST);
        receive(FIRST + 2);
        receive(FIRST + 2);
        read(1);
        receive(FIRST);
        query(FIRST + 3);

        assertThat(acknowledged()).containsExactly(FIRST, FIRST + 2, FIRST + 2, FIRST);
        assertThat(group.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(group.work().hasReceivedFirst()).isTrue();
    }

    @Test
    void aLegacyCoordinatorIsHeldBackInTheSecondHalfOfTheWindowUntilTheReaderHasCaughtUp() {
        beInLegacy();
        for (int i = 0; i < SLOTS / 2; i++) {
            receive(FIRST + i);
        }
        assertThat(acknowledged()).hasSize(SLOTS / 2).endsWith(FIRST + SLOTS / 2 - 1);
        receive(FIRST + SLOTS / 2);
        receive(FIRST + SLOTS / 2 + 1);
        receive(FIRST + SLOTS / 2);
        assertThat(acknowledged()).isEmpty();
        read(1);
        assertThat(acknowledged()).containsExactly(FIRST + SLOTS / 2);
        read(1);
        assertThat(acknowledged()).containsExactly(FIRST + SLOTS / 2 + 1);
        read(1);

        assertThat(acknowledged()).isEmpty();
    }

    @Test
    void theFirstChunkIsHereWhenItIsHere() {
        beInNegotiated();
        receive(FIRST + 1);
        assertThat(group.work().hasReceivedFirst()).isFalse();
        receive(FIRST);

        assertThat(group.work().hasReceivedFirst()).isTrue();
    }

    @Test
    void chunksAreDroppedBeforeThisMemberIsInAndAfterItIsOut() {
        member.inSession();
        group = member.session.join(BroadcastKind.BROADCAST, GROUP, 0);
        receive(FIRST);
        assertThat(dropped(DropReason.UNEXPECTED)).isOne();
        group.leave(0);
        receive(FIRST);

        assertThat(dropped(DropReason.UNEXPECTED)).isEqualTo(2);
    }
}
