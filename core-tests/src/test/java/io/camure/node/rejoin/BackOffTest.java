package io.camure.node.rejoin;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.camure.Rejoin;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** How long a member waits before one try to join again and the next. */
class BackOffTest {

    private static final Rejoin SETTINGS = Rejoin.backOff(Duration.ofMillis(100), Duration.ofMillis(1000));

    private static List<Long> waitsMillis(Rejoin settings, long seed, int count) {
        BackOff backOff = new BackOff(settings, new Random(seed));
        return LongStream.generate(backOff::nextNanos)
                .limit(count)
                .map(NANOSECONDS::toMillis)
                .boxed()
                .toList();
    }

    @Test
    void waitsDoubleUpToTheMaximumAndEachVariesByUpToAHalf() {
        for (int seed = 0; seed < 200; seed++) {
            List<Long> waits = waitsMillis(SETTINGS, seed, 6);
            assertThat(waits.get(0)).isBetween(100L, 150L);
            assertThat(waits.get(1)).isBetween(100L, 300L);
            assertThat(waits.get(2)).isBetween(200L, 600L);
            assertThat(waits.get(3)).isBetween(400L, 1000L);
            assertThat(waits.get(4)).isBetween(500L, 1000L);
            assertThat(waits.get(5)).isBetween(500L, 1000L);
        }
    }

    @Test
    void membersOfOneCoordinatorDoNotAllTryInTheSameMoment() {
        List<Long> first = IntStream.range(0, 200)
                .mapToObj(seed -> waitsMillis(SETTINGS, seed, 1).get(0))
                .toList();

        // A quarter of the members in each quarter of the time would be fifty.
        for (int quarter = 0; quarter < 4; quarter++) {
            long from = 100 + quarter * 13L;
            assertThat(first.stream().filter(wait -> wait >= from && wait < from + 13))
                    .hasSizeBetween(20, 80);
        }
    }

    @Test
    void equalIntervalsLeaveNothingToVary() {
        Rejoin steady = Rejoin.backOff(Duration.ofMillis(70), Duration.ofMillis(70));
        assertThat(waitsMillis(steady, 1, 5)).containsOnly(70L);
    }

    @Test
    void intervalsThatMakeNoSenseAreRefused() {
        Duration second = Duration.ofSeconds(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Rejoin.backOff(Duration.ZERO, second))
                .withMessageContaining("initialInterval is 0s");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Rejoin.backOff(second, Duration.ofMillis(999)))
                .withMessageContaining("maximumInterval is 999ms")
                .withMessageContaining("initialInterval");
    }
}
