package io.camure.faults.election;

import io.camure.faults.network.Namespaces;
import io.camure.faults.network.NeedsNamespaces;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How long nobody passes a round when the one of four equal instances that coordinates is killed, or its cable is pulled: with camure, and
 * with peers at their defaults whose oldest member coordinates; with each {@link Contender}, or with those that {@code
 * camure.faults.contenders} names. Prints the times.
 */
@NeedsNamespaces
@Tag("long")
@Tag("failover")
class FailoverComparisonTest {

    private static final int TIMES = Integer.getInteger("camure.faults.times", 3);

    @TempDir
    Path directory;

    private Namespaces namespaces;
    private AutoCloseable server;
    private Instances instances;
    private final Times times = new Times();
    private String told;

    static Stream<Contender> contenders() {
        String wanted = System.getProperty("camure.faults.contenders");
        return wanted == null
                ? Stream.of(Contender.values())
                : Stream.of(wanted.split(",")).map(Contender::valueOf);
    }

    private void start(Contender contender, String fault) throws Exception {
        told = fault + ", " + contender;
        namespaces = Namespaces.of(Instances.COUNT + 1);
        for (int i = 0; i < Instances.COUNT; i++) {
            namespaces.addRoute(i, "unicast", Namespaces.GROUPS + " dev eth0");
        }
        server = contender.server(namespaces, directory);
        instances = new Instances(
                namespaces,
                (entering, name, address) -> new InstanceProcess(entering, name, contender.command(name, address)));
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

    private interface Fault {

        void happen(int coordinator) throws Exception;
    }

    private void measure(Fault fault) throws Exception {
        for (int time = 0; time < TIMES; time++) {
            int coordinator = instances.awaitAll();
            long term = instances.term(coordinator);
            long before = System.nanoTime();
            fault.happen(coordinator);
            times.add(Instances.awaitFirstEverywhere(instances.others(coordinator), term) - before);
            instances.get(coordinator).close();
            namespaces.setCable(coordinator, true);
            instances.launch(coordinator);
        }
    }

    /** Its kernel tells whoever has a connection to it. */
    @ParameterizedTest
    @MethodSource("contenders")
    void aProcessThatIsKilled(Contender contender) throws Exception {
        start(contender, "kill -9");
        measure(coordinator -> instances.get(coordinator).process().kill());
    }

    /** Nobody is told anything, as when a machine dies. */
    @ParameterizedTest
    @MethodSource("contenders")
    void aCableThatIsPulled(Contender contender) throws Exception {
        start(contender, "cable pulled");
        measure(coordinator -> namespaces.setCable(coordinator, false));
    }
}
