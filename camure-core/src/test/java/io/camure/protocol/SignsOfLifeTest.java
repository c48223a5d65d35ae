package io.camure.protocol;

import static io.camure.protocol.LoneMember.HEARTBEAT_NANOS;
import static io.camure.protocol.LoneMember.TIMEOUT_NANOS;
import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.base.Disconnection;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a member shows that it lives, asks whether its coordinator does, and takes it for lost. */
class SignsOfLifeTest {

    private static final long HALF_NANOS = HEARTBEAT_NANOS / 2;

    private final LoneMember member = new LoneMember();

    /** Something that is for everybody, and so no answer. */
    private void hearOthersServed() {
        member.receive(chunk -> ChunkWriter.sequenced(chunk, ChunkType.BARRIER_RELEASED, 7, 0));
    }

    private void assertLost(String detail) {
        assertThat(member.session.loss()).isNotNull();
        assertThat(member.session.loss().cause()).isEqualTo(Disconnection.Cause.COORDINATOR_LOST);
        assertThat(member.session.loss().detail()).contains(detail);
    }

    @Test
    void whoHearsNothingAsksOnceInAHeartbeatIntervalAndGivesUpAtTheTimeout() {
        member.inSession();
        for (int i = 1; i < 9; i++) {
            assertThat(member.passDeadline()).containsExactly(ChunkType.SESSION_JOIN);
            assertThat(member.nowNanos).isEqualTo(i * HEARTBEAT_NANOS);
        }
        assertThat(member.passDeadline()).isEmpty();

        assertThat(member.nowNanos).isEqualTo(TIMEOUT_NANOS);
        assertLost("nothing was heard from the coordinator 10.0.0.1:7400 for 9s");
        assertThat(member.session.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whoHearsOthersServedAndGetsNoAnswerGivesUpAtTwiceTheTimeout() {
        member.inSession();
        while (member.session.loss() == null) {
            assertThat(member.nowNanos).isLessThan(2 * TIMEOUT_NANOS);
            member.passDeadline();
            if (member.session.loss() == null) {
                hearOthersServed();
            }
        }

        assertThat(member.nowNanos).isEqualTo(2 * TIMEOUT_NANOS);
        assertLost("has answered nothing for 18s: it does not hear this node");
    }

    @Test
    void thatOthersAreServedIsNoAnswerToWhoAsks() {
        member.inSession();
        member.nowNanos = HALF_NANOS;
        hearOthersServed();

        assertThat(member.passDeadline()).containsExactly(ChunkType.SESSION_JOIN);
        assertThat(member.nowNanos).isEqualTo(HEARTBEAT_NANOS);
    }

    @ParameterizedTest
    @EnumSource(names = {"SESSION_WELCOME", "GROUP_WELCOME", "GROUP_ACK"})
    void whoIsAnsweredIsHeardHoweverItIsAnswered(ChunkType answer) {
        member.inSession();
        while (member.nowNanos < 4 * TIMEOUT_NANOS) {
            member.passDeadline();
            member.receive(chunk -> {
                if (answer == ChunkType.SESSION_WELCOME) {
                    ChunkWriter.sessionWelcome(chunk, SimulatedNetwork.MULTICAST, Session.CHUNK_BYTES, HEARTBEAT_NANOS);
                    LoneMember.answer(LoneMember.ID).write(chunk);
                } else {
                    ChunkWriter.sequenced(chunk, answer, 7, 0);
                }
            });
        }

        assertThat(member.session.loss()).isNull();
    }

    @Test
    void whoIsAnsweredAndSaysNothingShowsThatItLives() {
        member.inSession();
        member.nowNanos = HALF_NANOS;
        member.receive(chunk -> ChunkWriter.sequenced(chunk, ChunkType.GROUP_ACK, 7, 0));

        assertThat(member.passDeadline()).containsExactly(ChunkType.SESSION_JOIN);
        assertThat(member.nowNanos).isEqualTo(HEARTBEAT_NANOS);
        assertThat(member.session.nextDeadlineNanos()).as("it asks").isEqualTo(HALF_NANOS + HEARTBEAT_NANOS);
    }

    @Test
    void whoSpeaksAnywayIsNotSilent() {
        member.inLegacySession();
        hearOthersServed();
        member.nowNanos = HALF_NANOS;
        member.session.join(BarrierKind.BARRIER, 0, member.nowNanos);
        hearOthersServed();
        assertThat(member.sentTypes()).containsExactly(ChunkType.GROUP_JOIN);
        member.receive(chunk -> ChunkWriter.sequenced(chunk, ChunkType.GROUP_WELCOME, 0, 0));
        assertThat(member.sentTypes()).containsExactly(ChunkType.GROUP_ACK);

        assertThat(member.passDeadline()).containsExactly(ChunkType.SESSION_JOIN);
        assertThat(member.nowNanos).isEqualTo(HALF_NANOS + HEARTBEAT_NANOS);
    }

    @Test
    void aLegacyCoordinatorThatIsHeardIsGivenHeartbeatsAndNeverTakenForDeaf() {
        member.inLegacySession();
        for (int i = 1; i <= 60; i++) {
            member.nowNanos += HALF_NANOS;
            hearOthersServed();
            member.session.onDeadline(member.nowNanos);
        }

        assertThat(member.session.loss()).isNull();
        assertThat(member.sentTypes()).hasSize(30).containsOnly(ChunkType.SESSION_HEARTBEAT);
    }

    @Test
    void aLegacyCoordinatorThatIsNotHeardIsAskedAndGivenUpAtTheTimeout() {
        member.inLegacySession();
        for (int i = 1; i < 9; i++) {
            assertThat(member.passDeadline()).containsExactly(ChunkType.SESSION_JOIN);
        }
        assertThat(member.passDeadline()).isEmpty();

        assertThat(member.nowNanos).isEqualTo(TIMEOUT_NANOS);
        assertLost("nothing was heard");
    }

    @Test
    void aCoordinatorThatWantsFewHeartbeatsIsAskedAllTheSameBeforeItIsTakenForLost() {
        member.inSession(HOURS.toNanos(1));

        assertThat(member.passDeadline()).containsExactly(ChunkType.SESSION_JOIN);
        assertThat(member.nowNanos).isEqualTo(TIMEOUT_NANOS / 3);
    }

    @Test
    void whoWasStoppedForLongGivesTheCoordinatorThatTimeMore() {
        member.inSession();
        // It was to ask after one interval: for the rest it was stopped.
        long stoppedNanos = TIMEOUT_NANOS + SECONDS.toNanos(30);
        member.callAt(HEARTBEAT_NANOS + stoppedNanos);
        assertThat(member.session.loss()).isNull();

        while (member.session.loss() == null) {
            member.passDeadline();
        }
        assertThat(member.nowNanos).isEqualTo(stoppedNanos + TIMEOUT_NANOS);
    }

    @Test
    void whoWasStoppedForLongBlamesNoCoordinatorForNotHavingAnswered() {
        member.inSession();
        for (int i = 1; i < 9; i++) {
            member.passDeadline();
            hearOthersServed();
        }
        long stoppedNanos = 2 * TIMEOUT_NANOS;
        member.nowNanos = member.session.nextDeadlineNanos() + stoppedNanos;
        hearOthersServed();
        member.session.onDeadline(member.nowNanos);

        assertThat(member.session.loss()).isNull();
        while (member.session.loss() == null) {
            member.passDeadline();
            if (member.session.loss() == null) {
                hearOthersServed();
            }
        }
        assertThat(member.nowNanos).isEqualTo(stoppedNanos + 2 * TIMEOUT_NANOS);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1})
    void whoIsCalledNoMoreThanAHeartbeatIntervalTooLateWasNotStopped(long more) {
        member.inSession();
        member.callAt(2 * HEARTBEAT_NANOS + more);
        while (member.session.loss() == null) {
            member.passDeadline();
        }

        assertThat(member.nowNanos).isEqualTo(more == 0 ? TIMEOUT_NANOS : TIMEOUT_NANOS + HEARTBEAT_NANOS + more);
    }

    @Test
    void whoIsNotAnsweredAsksForTheSessionLessAndLessOften() {
        assertThat(member.sentTypes()).containsExactly(ChunkType.SESSION_JOIN);
        for (long millis : new long[] {100, 300, 700, 1500, 2500, 3500, 4500}) {
            assertThat(member.passDeadline()).containsExactly(ChunkType.SESSION_JOIN);
            assertThat(member.nowNanos).isEqualTo(MILLISECONDS.toNanos(millis));
        }
        assertThat(member.session.counters().retransmissions()).isEqualTo(7);
        assertThat(member.session.isJoined()).isFalse();
    }
}
