package io.camure.faults.election;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.faults.election.InstanceProcess.Passed;
import io.camure.faults.network.Namespaces;
import io.camure.faults.network.NeedsNamespaces;
import io.camure.test.support.JavaProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long nobody passes a round when the one of four equal instances that coordinates is killed, ended or stopped, and that
 * nothing of its term happens after the first of the next one. Prints the times.
 */
@NeedsNamespaces
@Tag("long")
@Tag("elections")
class ElectionFaultTest {

    private static final int INSTANCES = 4;
    private static final int DATABASE = INSTANCES;
    private static final int TIMES = Integer.getInteger("camure.faults.times", 5);
    private static final Duration TIME_TO_LIVE = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int ENOUGH = 20;

    @TempDir
    Path directory;

    private Namespaces namespaces;
    private JavaProcess database;
    private final InstanceProcess[] instances = new InstanceProcess[INSTANCES];

    @BeforeEach
    void start() throws Exception {
        namespaces = Namespaces.of(INSTANCES + 1);
        database = JavaProcess.start(
                namespaces.entering(DATABASE),
                List.of("-Xmx64m", "-XX:+UseSerialGC"),
                ElectionDatabase.class.getName(),
                directory.toString(),
                Namespaces.address(DATABASE));
        BufferedReader said = new BufferedReader(new InputStreamReader(database.output(), StandardCharsets.UTF_8));
        assertThat(said.readLine()).isEqualTo(ElectionDatabase.READY);
        for (int i = 0; i < INSTANCES; i++) {
            launch(i);
        }
    }

    private void launch(int number) throws IOException {
        instances[number] = new InstanceProcess(
                namespaces.entering(number),
                "node-" + number,
                Namespaces.address(number),
                ElectionDatabase.url(Namespaces.address(DATABASE)),
                TIME_TO_LIVE);
    }

    @AfterEach
    void end() throws IOException {
        for (InstanceProcess instance : instances) {
            if (instance != null) {
                instance.close();
            }
        }
        database.close();
        namespaces.close();
    }

    private static long term(InstanceProcess instance) {
        List<Passed> rounds = instance.rounds();
        return rounds.isEmpty() ? 0 : rounds.get(rounds.size() - 1).term();
    }

    /** Waits until all instances have passed some rounds of one term, and says which of them coordinates. */
    private int awaitAll() {
        await().atMost(PATIENCE).until(() -> {
            long highest = IntStream.range(0, INSTANCES)
                    .mapToLong(i -> term(instances[i]))
                    .max()
                    .orElseThrow();
            return IntStream.range(0, INSTANCES).allMatch(i -> inTerm(instances[i], highest) >= ENOUGH);
        });
        List<Passed> rounds = instances[0].rounds();
        String coordinator = rounds.get(rounds.size() - 1).coordinator();
        return Integer.parseInt(coordinator.substring("node-".length()));
    }

    private static long inTerm(InstanceProcess instance, long term) {
        return instance.rounds().stream().filter(round -> round.term() == term).count();
    }

    private List<InstanceProcess> others(int without) {
        return IntStream.range(0, INSTANCES)
                .filter(i -> i != without)
                .mapToObj(i -> instances[i])
                .toList();
    }

    private static List<Passed> firstOfHigherTerm(Collection<InstanceProcess> among, long term) {
        return among.stream()
                .map(instance -> instance.rounds().stream()
                        .filter(round -> round.term() > term)
                        .findFirst())
                .flatMap(Optional::stream)
                .toList();
    }

    /** When all have passed a round of a higher term, the last of them for the first time. */
    private static long awaitFirstEverywhere(Collection<InstanceProcess> among, long term) {
        await().atMost(PATIENCE).until(() -> firstOfHigherTerm(among, term).size() == among.size());
        return firstOfHigherTerm(among, term).stream()
                .mapToLong(Passed::nanos)
                .max()
                .orElseThrow();
    }

    /**
     * No round of a term is released after one of a higher term. An instance that was stopped may read one late that others have
     * passed in time.
     */
    private static void assertInOrderOfTerms(Collection<InstanceProcess> among) {
        List<Passed> all = among.stream()
                .flatMap(instance -> instance.rounds().stream())
                .sorted(Comparator.comparingLong(Passed::nanos))
                .toList();
        Set<List<Long>> passedInTime = new HashSet<>();
        long highest = 0;
        for (Passed round : all) {
            List<Long> which = List.of(round.term(), round.number());
            if (round.term() < highest) {
                assertThat(passedInTime).contains(which);
            } else {
                passedInTime.add(which);
                highest = round.term();
            }
        }
    }

    private static void tell(String what, List<Long> millis) {
        List<Long> sorted = millis.stream().sorted().toList();
        System.out.printf(
                "%s, %d times, first round everywhere: median %d ms, longest %d ms%n",
                what, sorted.size(), sorted.get(sorted.size() / 2), sorted.get(sorted.size() - 1));
    }

    @Test
    void whoIsKilledIsReplacedWithinTheTimeToLiveAndTwoSeconds() throws Exception {
        List<Long> millis = new ArrayList<>();
        for (int time = 0; time < TIMES; time++) {
            int coordinator = awaitAll();
            long term = term(instances[coordinator]);
            long before = System.nanoTime();
            instances[coordinator].process().kill();
            long first = awaitFirstEverywhere(others(coordinator), term);
            millis.add(TimeUnit.NANOSECONDS.toMillis(first - before));
            assertInOrderOfTerms(List.of(instances));
            launch(coordinator);
        }
        tell("kill -9, time to live " + TIME_TO_LIVE.toSeconds() + " s", millis);
        assertThat(millis)
                .allSatisfy(each -> assertThat(each)
                        .isLessThanOrEqualTo(TIME_TO_LIVE.plusSeconds(2).toMillis()));
    }

    @Test
    void whoEndsHandsOverWithinASecond() throws Exception {
        List<Long> millis = new ArrayList<>();
        for (int time = 0; time < TIMES; time++) {
            int coordinator = awaitAll();
            long term = term(instances[coordinator]);
            long before = System.nanoTime();
            instances[coordinator].process().terminate();
            long first = awaitFirstEverywhere(others(coordinator), term);
            millis.add(TimeUnit.NANOSECONDS.toMillis(first - before));
            instances[coordinator].process().exitStatus();
            assertInOrderOfTerms(List.of(instances));
            launch(coordinator);
        }
        tell("SIGTERM", millis);
        assertThat(millis).allSatisfy(each -> assertThat(each).isLessThanOrEqualTo(1000));
    }

    @Test
    void whoIsStoppedForLongDoesNothingOfItsTermWhenItGoesOn() throws Exception {
        List<Long> millis = new ArrayList<>();
        for (int time = 0; time < TIMES; time++) {
            int coordinator = awaitAll();
            InstanceProcess stopped = instances[coordinator];
            List<InstanceProcess> others = others(coordinator);
            long term = term(stopped);
            long before = System.nanoTime();
            stopped.process().pause();
            millis.add(TimeUnit.NANOSECONDS.toMillis(awaitFirstEverywhere(others, term) - before));
            TimeUnit.NANOSECONDS.sleep(TIME_TO_LIVE.multipliedBy(3).toNanos() - (System.nanoTime() - before));
            stopped.process().resume();
            awaitAll();

            assertInOrderOfTerms(List.of(instances));
        }
        tell("SIGSTOP", millis);
    }
}
