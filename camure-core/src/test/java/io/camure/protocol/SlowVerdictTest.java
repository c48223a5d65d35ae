package io.camure.protocol;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.window.SendWindow;
import io.camure.wire.ChunkType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That nobody is called slow, with the least patience, who could not say that it is not: it was asked, twice. */
class SlowVerdictTest extends LoneBroadcast {

    private static final long PATIENCE_NANOS = SECONDS.toNanos(2);

    SlowVerdictTest() {
        super(new SlowMemberPolicy(PATIENCE_NANOS, true));
    }

    /** Answers take about a second, as after a pause of a process: so long that there are as few questions as can be. */
    private void slowDown() {
        window.onRoundTrip(SECONDS.toNanos(1));
    }

    private void passUntil(long endNanos) {
        coordinator.timesOf(ChunkType.BROADCAST_QUERY, endNanos + 1);
        coordinator.nowNanos = endNanos;
    }

    private List<SessionEvent> slow() {
        return coordinator.session.outbox().takeEvents().stream()
                .filter(SessionEvent.MemberSlow.class::isInstance)
                .toList();
    }

    @Test
    void whoIsAskedForTheSecondTimeMayAnswerBeforeItIsCalledSlow() {
        join(NODE);
        slowDown();
        write();
        long sentNanos = coordinator.nowNanos;
        List<Long> asked = List.of(at(1000), at(2000));
        assertThat(coordinator.timesOf(ChunkType.BROADCAST_QUERY, at(2500))).isEqualTo(asked);
        assertThat(slow()).isEmpty();

        passUntil(sentNanos + SECONDS.toNanos(3));
        assertThat(slow()).hasSize(1);
        assertThat(group.memberCount()).isZero();
    }

    @Test
    void whoAnswersTheSecondQuestionStays() {
        join(NODE);
        slowDown();
        write();
        passUntil(at(2500));
        report(NODE, first + 1, first + 1, 64);
        passUntil(at(60_000));

        assertThat(slow()).isEmpty();
    }

    @Test
    void whoHasNoRoomIsAskedForItHoweverFarOthersGetMeanwhile() {
        join(NODE, 40, 1 << 20);
        join(OTHER);
        for (int i = 0; i < 41; i++) {
            write();
            pass(SendWindow.GATHER_NANOS);
        }
        report(NODE, first + 40, first + 40, 0);
        List<Long> asked = new ArrayList<>();
        for (int has = 1; has < 40; has++) {
            // Before a timeout is over.
            asked.addAll(coordinator.timesOf(ChunkType.BROADCAST_QUERY, at(60)));
            coordinator.nowNanos = at(60);
            report(OTHER, first + has, first + has, 64);
        }

        assertThat(asked).as("of 2,340 ms").hasSizeGreaterThan(10);
    }
}
