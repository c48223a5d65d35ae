package io.camure.faults.election;

import io.camure.faults.network.Namespaces;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Whose fail-over is measured, one row for each. */
enum Contender {
    CAMURE_5S(Duration.ofSeconds(5)),
    CAMURE_10S(Duration.ofSeconds(10)),
    JGROUPS_UDP(null) {
        @Override
        List<String> command(String name, String address) {
            return JGroupsInstance.command(name, address);
        }
    },
    HAZELCAST(null) {
        @Override
        List<String> command(String name, String address) {
            return HazelcastMember.command(name, address);
        }
    };

    private static final int SERVER = Instances.COUNT;

    private final Duration timeToLive;

    Contender(Duration timeToLive) {
        this.timeToLive = timeToLive;
    }

    /** Starts what all instances need; whoever closes that ends it. */
    AutoCloseable server(Namespaces namespaces, Path directory) throws Exception {
        return timeToLive == null
                ? () -> {}
                : Elector.H2.start(namespaces.entering(SERVER), Namespaces.address(SERVER), directory);
    }

    /** What starts an instance. */
    List<String> command(String name, String address) {
        return ElectedInstance.command(
                Elector.H2, Elector.H2.url(Namespaces.address(SERVER)), timeToLive, name, address);
    }
}
