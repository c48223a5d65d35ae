package io.camure.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
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
            System.out.print(new Simulation(one, System.out).run(SimulationTest::wasAskedFor));
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
        assertThat(failures).as("what has failed").isEmpty();
        assertThat(counts.missing()).as("what never happened").isEmpty();
    }

    private static @Nullable FaultCounts run(long seed, Queue<String> failures) {
        try {
            return new Simulation(seed, null).run();
        } catch (AssertionError | RuntimeException failure) {
            failures.add("seed " + seed + ": " + failure + " at " + failure.getStackTrace()[0] + shortest(seed));
            return null;
        }
    }

    private static boolean wasAskedFor(SimulatedChaos.Planned planned) {
        String faults = System.getProperty("camure.simulation.faults");
        return faults == null || List.of(faults.split(",")).contains(Integer.toString(planned.number()));
    }

    /** The fewest faults with which a seed fails, none of which can be left out, and how to see that. */
    private static String shortest(long seed) {
        List<SimulatedChaos.Planned> all = new Simulation(seed, null).plan();
        List<SimulatedChaos.Planned> shortest = new ArrayList<>(all);
        int before;
        do {
            before = shortest.size();
            for (SimulatedChaos.Planned each : List.copyOf(shortest)) {
                List<SimulatedChaos.Planned> shorter = new ArrayList<>(shortest);
                shorter.remove(each);
                if (fails(seed, shorter)) {
                    shortest = shorter;
                }
            }
        } while (shortest.size() < before);
        String numbers =
                shortest.stream().map(each -> Integer.toString(each.number())).collect(Collectors.joining(","));
        return String.format(
                "%n%d of %d faults are enough: %s%nreplay: ./simulate --seed %d --faults %s",
                shortest.size(), all.size(), shortest, seed, numbers.isEmpty() ? "none" : numbers);
    }

    private static boolean fails(long seed, List<SimulatedChaos.Planned> faults) {
        try {
            new Simulation(seed, null).run(faults::contains);
            return false;
        } catch (AssertionError | RuntimeException failure) {
            return true;
        }
    }
}
