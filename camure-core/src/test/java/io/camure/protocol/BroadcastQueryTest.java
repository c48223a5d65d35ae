package io.camure.protocol;

import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.LoneCoordinator.Sent;
import io.camure.protocol.window.SendWindow;
import io.camure.wire.ChunkType;
import io.camure.wire.SequenceNumbers;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When the sender of a broadcast asks its members what they have, to the nanosecond, and when it need not. */
class BroadcastQueryTest extends LoneBroadcast {

    @Test
    void aReportThatIsOverdueIsAskedForLessAndLessOften() {
        join(NODE);
        write();
        assertThat(dataSent()).containsExactly(0L);
        List<Long> expected = List.of(at(90), at(270), at(630), at(1350), at(2350));

        assertThat(coordinator.timesOf(ChunkType.BROADCAST_QUERY, at(3000))).isEqualTo(expected);
        assertThat(coordinator.session.counters().retransmissions()).isZero();
    }

    @Test
    void aQuestionGoesTheWayOfTheChunksAndTellsTheEnd() {
        join(NODE);
        write();
        dataSent();

        assertThat(coordinator.passDeadline()).singleElement().satisfies(query -> {
            assertThat(query.type()).isEqualTo(ChunkType.BROADCAST_QUERY);
            assertThat(query.destination()).isEqualTo(SimulatedNetwork.MULTICAST);
            assertThat(query.chunk().sequence()).isEqualTo(SequenceNumbers.toWire(first + 1));
            assertThat(query.chunk().epoch()).isEqualTo(Integer.toUnsignedLong(group.epoch()));
        });
    }

    @Test
    void whoHasAllIsNotAsked() {
        join(NODE);
        write();
        report(NODE, first + 1, first + 1, 64);

        assertThat(coordinator.timesOf(ChunkType.BROADCAST_QUERY, at(4000))).isEmpty();
        assertThat(group.isDrained()).isTrue();
        assertThat(window.keptChunks()).isZero();
        assertThat(coordinator.session.counters().statusReports()).isOne();
    }

    @Test
    void whoHasOneOfTwoChunksIsAskedForTheOtherATimeoutAfterThat() {
        join(NODE);
        write();
        pass(MILLISECONDS.toNanos(60));
        write();
        pass(MILLISECONDS.toNanos(20));
        report(NODE, first + 1, first + 1, 64);

        assertThat(group.isDrained()).isFalse();
        assertThat(window.keptChunks()).isOne();
        List<Long> expected = List.of(at(90));
        assertThat(coordinator.timesOf(ChunkType.BROADCAST_QUERY, at(200))).isEqualTo(expected);
    }

    @Test
    void whoWasJustServedAgainIsNotAskedBeforeItCanHaveAnswered() {
        join(NODE);
        write();
        pass(MILLISECONDS.toNanos(1));
        write();
        dataSent();
        long sentNanos = coordinator.nowNanos - MILLISECONDS.toNanos(1);
        coordinator.nowNanos = sentNanos + MILLISECONDS.toNanos(70);
        report(NODE, first, first + 2, 64, 0x80);
        assertThat(dataSent()).containsExactly(0L);
        assertThat(coordinator.session.counters().retransmissions()).isOne();

        assertThat(coordinator.timesOf(ChunkType.BROADCAST_QUERY, sentNanos + MILLISECONDS.toNanos(200)))
                .containsExactly(sentNanos + MILLISECONDS.toNanos(180));
    }

    @Test
    void whoHasNoRoomForLongIsAskedWhetherItHasSome() {
        join(NODE, 2, 1 << 20);
        for (int i = 0; i < 3; i++) {
            write();
            pass(SendWindow.GATHER_NANOS);
        }
        dataSent();
        report(NODE, first + 2, first + 2, 0);
        List<Long> expected = List.of(at(90), at(270), at(630));

        assertThat(coordinator.timesOf(ChunkType.BROADCAST_QUERY, at(1000))).isEqualTo(expected);
    }

    @Test
    void whoeverWaitsForAnAnswerHasItAskedForAtOnce() {
        join(NODE);
        write();
        write();
        assertThat(dataSent()).containsExactly(0L);
        pass(MICROSECONDS.toNanos(50));
        window.ask(coordinator.nowNanos);

        assertThat(coordinator.sent())
                .extracting(Sent::type)
                .containsExactly(ChunkType.BROADCAST_MESSAGE, ChunkType.BROADCAST_QUERY);
        List<Long> expected = List.of(at(90));
        assertThat(coordinator.timesOf(ChunkType.BROADCAST_QUERY, at(100))).isEqualTo(expected);
    }

    @Test
    void nobodyIsAskedWhenAllIsThere() {
        join(NODE);
        window.ask(coordinator.nowNanos);

        assertThat(coordinator.sent()).isEmpty();
    }

    @Test
    void theEndOfAGroupHasWhatIsLackingAskedForAtOnce() {
        join(NODE);
        write();
        dataSent();
        group.stop();
        group.endAdmissions(coordinator.nowNanos);

        assertThat(coordinator.sent()).extracting(Sent::type).containsExactly(ChunkType.BROADCAST_QUERY);
        assertThat(group.isStopped()).isTrue();
        assertThat(window.room()).as("nothing new begins").isZero();
        assertThat(group.isDrained()).isFalse();
        report(NODE, first + 1, first + 1, 64);
        assertThat(group.isDrained()).isTrue();
    }
}
