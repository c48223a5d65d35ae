package io.camure.protocol.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When something is repeated that gets no answer. */
class RetryTimerTest {

    private final RetryTimer timer = new RetryTimer(1000);

    @Test
    void theDelayDoublesUpToTheLimit() {
        timer.start(50, 300);
        assertThat(timer.deadlineNanos()).isEqualTo(350);
        assertThat(timer.isDue(349)).isFalse();
        assertThat(timer.isDue(350)).isTrue();
        assertThat(timer.deadlineNanos()).isEqualTo(950);
        assertThat(timer.isDue(960)).isTrue();
        assertThat(timer.deadlineNanos()).isEqualTo(1960);
    }

    @Test
    void theFirstDelayIsNoLongerThanTheLimitEither() {
        timer.start(0, 5000);

        assertThat(timer.deadlineNanos()).isEqualTo(1000);
    }

    @Test
    void whatIsHastenedBeginsAnewAndComesNoLaterByThat() {
        timer.start(0, 300);
        assertThat(timer.isDue(300)).isTrue();
        timer.hasten(400, 300);
        assertThat(timer.deadlineNanos()).as("instead of 900").isEqualTo(700);
        timer.hasten(500, 300);
        assertThat(timer.deadlineNanos()).as("no later").isEqualTo(700);

        assertThat(timer.isDue(700)).isTrue();
        assertThat(timer.deadlineNanos())
                .as("twice the delay of the last beginning")
                .isEqualTo(1300);
    }

    @Test
    void whatIsStoppedIsNeverDueNorHastened() {
        assertThat(timer.isRunning()).isFalse();
        timer.start(0, 300);
        assertThat(timer.isRunning()).isTrue();
        timer.stop();
        timer.hasten(10, 10);

        assertThat(timer.isRunning()).isFalse();
        assertThat(timer.deadlineNanos()).isEqualTo(RetryTimer.NEVER);
        assertThat(timer.isDue(1_000_000)).isFalse();
    }
}
