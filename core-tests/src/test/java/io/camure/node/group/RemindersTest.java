package io.camure.node.group;

import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RemindersTest {

    private static final long BEGIN_NANOS = HOURS.toNanos(3);

    private final Reminders reminders = new Reminders(BEGIN_NANOS);

    @Test
    void comeAfterFiveSecondsAndThenEverLessOftenUpToFiveMinutes() {
        List<Long> seconds = new ArrayList<>();
        for (long second = 0; second <= 1000; second++) {
            if (reminders.take(BEGIN_NANOS + SECONDS.toNanos(second))) {
                seconds.add(second);
            }
        }

        assertThat(seconds).containsExactly(5L, 10L, 20L, 40L, 80L, 160L, 320L, 620L, 920L);
    }

    @Test
    void areNotMadeUpForWhenTheProcessWasStopped() {
        assertThat(reminders.take(BEGIN_NANOS + SECONDS.toNanos(100))).isTrue();
        assertThat(reminders.take(BEGIN_NANOS + SECONDS.toNanos(101))).isFalse();
        assertThat(reminders.take(BEGIN_NANOS + SECONDS.toNanos(160))).isTrue();
    }
}
