package io.camure.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Many runs of whole nodes, each from a seed; see {@link WholeNodeSimulation}. {@code ./simulate --nodes} makes more of them, and
 * replays one.
 */
class WholeNodeSimulationTest {

    private static final int THREADS = 2;
    private static final long SEEDS = 60;

    private static final List<String> EFFECTS = List.of(
            ListenersInTurn.SESSIONS_LOST,
            ListenersInTurn.SESSIONS_REGAINED,
            ListenersInTurn.GROUPS_LOST,
            ListenersInTurn.GROUPS_REGAINED,
            "calls that were interrupted",
            "calls that were told of a loss",
            "datagrams lost",
            "datagrams doubled",
            "datagrams cut off");

    private static final Logger CAMURE = (Logger) LoggerFactory.getLogger("io.camure");

    /** What nodes complain of is what is done to them on purpose. */
    @BeforeAll
    static void silence() {
        CAMURE.setLevel(Level.OFF);
    }

    @AfterAll
    static void complainAgain() {
        CAMURE.setLevel(null);
    }

    @Test
    void nodesKeepTheirPromisesUnderFaults() throws Exception {
        Long one = Long.getLong("camure.simulation.seed");
        if (one != null) {
            System.out.print(run(chosen(Plan.of(one)), System.out).counts());
            return;
        }
        AtomicLong next = new AtomicLong(Long.getLong("camure.simulation.first", 0));
        long end = next.get() + Long.getLong("camure.simulation.seeds", SEEDS);
        Counts counts = new Counts();
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        IntStream.range(0, THREADS).parallel().forEach(thread -> {
            for (long seed = next.getAndIncrement(); seed < end; seed = next.getAndIncrement()) {
                Counts ofSeed = runOrShrink(Plan.of(seed), failures);
                synchronized (counts) {
                    counts.addAll(ofSeed);
                }
            }
        });
        if (System.getProperty("camure.simulation.seeds") != null) {
            System.out.print(counts);
        }
        assertThat(failures).isEmpty();
        assertThat(counts.missing(expected())).as("what never happened").isEmpty();
    }

    /** All of it, or the faults that were asked for. */
    private static Plan chosen(Plan plan) {
        String faults = System.getProperty("camure.simulation.faults");
        if (faults == null) {
            return plan;
        }
        Set<String> numbers = Set.of(faults.split(","));
        return plan.with(plan.faults().stream()
                .filter(fault -> numbers.contains(Integer.toString(fault.number())))
                .toList());
    }

    private static List<String> expected() {
        List<String> expected = new ArrayList<>(EFFECTS);
        expected.addAll(Plan.kindsOfFaults());
        new World(Plan.of(0), null).workloads().forEach(workload -> expected.addAll(workload.effects()));
        return expected;
    }

    private static WholeNodeSimulation.Result run(Plan plan, PrintStream output) {
        try {
            return new WholeNodeSimulation(plan, output).run();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Counts runOrShrink(Plan plan, Queue<String> failures) {
        try {
            return run(plan, null).counts();
        } catch (AssertionError failure) {
            failures.add(failure.getMessage() + shortest(plan));
            return new Counts();
        }
    }

    /** The fewest faults with which a plan fails, and how to see that. */
    static String shortest(Plan plan) {
        List<Fault.Planned> shortest = Shrinking.shrink(plan.faults(), some -> fails(plan.with(some)));
        String numbers =
                shortest.stream().map(fault -> Integer.toString(fault.number())).collect(Collectors.joining(","));
        return Stream.concat(
                                Stream.of(
                                        "",
                                        shortest.size() + " of " + plan.faults().size() + " faults are enough:"),
                                shortest.stream().map(fault -> "  " + fault))
                        .collect(Collectors.joining(System.lineSeparator()))
                + System.lineSeparator() + "replay: ./simulate --nodes --seed " + plan.seed() + " --faults "
                + (numbers.isEmpty() ? "none" : numbers);
    }

    private static boolean fails(Plan plan) {
        try {
            run(plan, null);
            return false;
        } catch (AssertionError e) {
            return true;
        }
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        for (long seed = 1; seed <= 2; seed++) {
            assertThat(run(Plan.of(seed), null).sum())
                    .as("seed %d", seed)
                    .isEqualTo(run(Plan.of(seed), null).sum());
        }
    }
}
