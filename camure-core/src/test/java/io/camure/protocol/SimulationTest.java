package io.camure.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Many simulated runs, each from a seed; see {@link Simulation}. {@code ./simulate} makes more of them, and replays one.
 */
class SimulationTest {

    private static final int THREADS = 2;

    @Test
    void keepsItsPromisesUnderFaults() {
        Long one = Long.getLong("camure.simulation.seed");
        if (one != null) {
            System.out.print(new Simulation(one, System.out).run());
            return;
        }
        long seeds = Long.getLong("camure.simulation.seeds", 500);
        AtomicLong next = new AtomicLong(Long.getLong("camure.simulation.first", 0));
        long end = next.get() + seeds;
        FaultCounts counts = new FaultCounts();
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        IntStream.range(0, THREADS).parallel().forEach(thread -> {
            for (long seed = next.getAndIncrement(); seed < end; seed = next.getAndIncrement()) {
                FaultCounts ofSeed = run(seed, failures);
                if (ofSeed != null) {
                    synchronized (counts) {
                        counts.addAll(ofSeed);
                    }
                }
            }
        });
        if (System.getProperty("camure.simulation.seeds") != null) {
            System.out.print(counts);
        }
        assertThat(failures).as("replay each by ./simulate --seed").isEmpty();
        assertThat(counts.missing()).as("what never happened").isEmpty();
    }

    private static @Nullable FaultCounts run(long seed, Queue<String> failures) {
        try {
            return new Simulation(seed, null).run();
        } catch (AssertionError | RuntimeException failure) {
            failures.add("seed " + seed + ": " + failure + " at " + failure.getStackTrace()[0]);
            return null;
        }
    }
}
