package io.camure.faults.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.faults.network.Namespaces;
import io.camure.faults.network.NeedsNamespaces;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How long nobody passes a round when the one of four equal instances that coordinates is killed, ended or stopped, and that
 * nothing of its term happens after the first of the next one: by each {@link Elector}, or by those that {@code camure.faults.electors}
 * names. Prints the times.
 */
@NeedsNamespaces
@Tag("long")
@Tag("elections")
class ElectionFaultTest {

    private static final int SERVER = Instances.COUNT;
    private static final int TIMES = Integer.getInteger("camure.faults.times", 5);
    private static final Duration TIME_TO_LIVE = Duration.ofSeconds(5);

    @TempDir
    Path directory;

    private Namespaces namespaces;
    private AutoCloseable server;
    private Instances instances;
    private final Times times = new Times();
    private String told;

    static Stream<Elector> electors() {
        String wanted = System.getProperty("camure.faults.electors");
        return wanted == null
                ? Stream.of(Elector.values())
                : Stream.of(wanted.split(",")).map(Elector::valueOf);
    }

    private void start(Elector by, String fault) throws Exception {
        told = fault + ", elected by " + by + " with a time to live of " + TIME_TO_LIVE.toSeconds() + " s";
        namespaces = Namespaces.of(Instances.COUNT + 1);
        server = by.start(namespaces.entering(SERVER), Namespaces.address(SERVER), directory);
        String url = by.url(Namespaces.address(SERVER));
        instances = new Instances(
                namespaces,
                (entering, name, address) -> new InstanceProcess(
                        entering, name, ElectedInstance.command(by, url, TIME_TO_LIVE, name, address)));
    }

    @AfterEach
    void end() throws Exception {
        if (instances != null) {
            times.tell(told);
            instances.close();
        }
        if (server != null) {
            server.close();
        }
        namespaces.close();
    }

    @ParameterizedTest
    @MethodSource("electors")
    void whoIsKilledIsReplacedWithinTheTimeToLiveAndTwoSeconds(Elector by) throws Exception {
        start(by, "kill -9");
        for (int time = 0; time < TIMES; time++) {
            int coordinator = instances.awaitAll();
            long term = instances.term(coordinator);
            long before = System.nanoTime();
            instances.get(coordinator).process().kill();
            times.add(Instances.awaitFirstEverywhere(instances.others(coordinator), term) - before);
            instances.assertInOrderOfTerms();
            instances.launch(coordinator);
        }
        assertThat(times.millis())
                .allSatisfy(each -> assertThat(each)
                        .isLessThanOrEqualTo(TIME_TO_LIVE.plusSeconds(2).toMillis()));
    }

    @ParameterizedTest
    @MethodSource("electors")
    void whoEndsHandsOverWithinASecond(Elector by) throws Exception {
        start(by, "SIGTERM");
        for (int time = 0; time < TIMES; time++) {
            int coordinator = instances.awaitAll();
            long term = instances.term(coordinator);
            long before = System.nanoTime();
            instances.get(coordinator).process().terminate();
            times.add(Instances.awaitFirstEverywhere(instances.others(coordinator), term) - before);
            instances.get(coordinator).process().exitStatus();
            instances.assertInOrderOfTerms();
            instances.launch(coordinator);
        }
        assertThat(times.millis()).allSatisfy(each -> assertThat(each).isLessThanOrEqualTo(1000));
    }

    @ParameterizedTest
    @MethodSource("electors")
    void whoIsStoppedForLongDoesNothingOfItsTermWhenItGoesOn(Elector by) throws Exception {
        start(by, "SIGSTOP");
        for (int time = 0; time < TIMES; time++) {
            int coordinator = instances.awaitAll();
            InstanceProcess stopped = instances.get(coordinator);
            List<InstanceProcess> others = instances.others(coordinator);
            long term = instances.term(coordinator);
            long before = System.nanoTime();
            stopped.process().pause();
            times.add(Instances.awaitFirstEverywhere(others, term) - before);
            TimeUnit.NANOSECONDS.sleep(TIME_TO_LIVE.multipliedBy(3).toNanos() - (System.nanoTime() - before));
            stopped.process().resume();
            instances.awaitAll();

            instances.assertInOrderOfTerms();
        }
    }
}
