package io.camure.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.camure.simulation.SeededProcess;
import io.camure.simulation.SeededScheduler;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** In virtual time: whoever would block otherwise than by parking would fail these tests. */
class ParkingLotTest {

    private static final int SEEDS = 50;
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PROMPT_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private interface Scenario {

        void run(SeededProcess process, ParkingLot lot) throws Exception;
    }

    private static void play(Scenario scenario) throws Exception {
        for (long seed = 0; seed < SEEDS; seed++) {
            SeededScheduler scheduler = new SeededScheduler(seed, (int) (seed % 2) * 16);
            SeededProcess process = scheduler.process("parking test");
            process.start("scenario", false, () -> scenario.run(process, new ParkingLot(process)));
            scheduler.run();
        }
    }

    @Test
    void whoWaitsIsWokenWhenItsConditionHolds() throws Exception {
        play((process, lot) -> {
            AtomicBoolean held = new AtomicBoolean();
            Thread waiting = process.start(
                    "waiting",
                    true,
                    () -> assertThat(lot.await(held::get, 2 * SECOND_NANOS)).isTrue());
            process.sleep(SECOND_NANOS);
            long sinceNanos = process.nanoTime();
            held.set(true);
            lot.unparkAll();
            process.join(waiting);
            assertThat(process.nanoTime() - sinceNanos).isLessThan(PROMPT_NANOS);
        });
    }

    @Test
    void whoWaitsInVainIsToldAtTheTimeout() throws Exception {
        play((process, lot) -> {
            long sinceNanos = process.nanoTime();
            assertThat(lot.await(() -> false, SECOND_NANOS)).isFalse();
            assertThat(process.nanoTime() - sinceNanos).isBetween(SECOND_NANOS, SECOND_NANOS + PROMPT_NANOS);
            assertThat(lot.await(() -> false, 0)).isFalse();
        });
    }

    @Test
    void whoIsInterruptedDoesNotWait() throws Exception {
        play((process, lot) -> {
            Thread waiting = process.start(
                    "waiting",
                    false,
                    () -> assertThatExceptionOfType(InterruptedException.class)
                            .isThrownBy(() -> lot.await(() -> false, Long.MAX_VALUE)));
            process.sleep(SECOND_NANOS);
            waiting.interrupt();
            process.join(waiting);
        });
    }
}
