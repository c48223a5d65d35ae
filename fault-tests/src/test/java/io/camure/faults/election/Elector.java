package io.camure.faults.election;

import io.camure.test.support.InstalledServer;
import io.camure.test.support.InstalledServer.Place;
import io.camure.test.support.JavaProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What elects, one row for each: the server that it takes, where instances find that, and the beans that use it. */
enum Elector {
    H2(9092, "jdbc:h2:tcp://%s:%d/election;DB_CLOSE_DELAY=-1", JdbcLocks.class) {
        @Override
        AutoCloseable start(List<String> entering, String address, Path directory) throws IOException {
            return process(entering, H2Server.class, String.valueOf(port), directory.toString(), url(address));
        }
    },
    POSTGRESQL(
            5432, "jdbc:postgresql://%s:%d/postgres?user=postgres&connectTimeout=1&socketTimeout=1", JdbcLocks.class) {
        @Override
        AutoCloseable start(List<String> entering, String address, Path directory) throws Exception {
            InstalledServer server = InstalledServer.postgresql(directory, new Place(entering, address, port));
            int status = JavaProcess.start(entering, JVM_OPTIONS, Schema.class.getName(), url(address), "postgresql")
                    .exitStatus();
            if (status != 0) {
                server.close();
                throw new IOException("the tables can't be made");
            }
            return server;
        }
    },
    REDIS(6379, "redis://%s:%d", RedisLocks.class) {
        @Override
        AutoCloseable start(List<String> entering, String address, Path directory) throws Exception {
            return InstalledServer.redis(directory, new Place(entering, address, port));
        }
    },
    LEASE(8080, "http://%s:%d/", LeaseClient.class) {
        @Override
        AutoCloseable start(List<String> entering, String address, Path directory) throws IOException {
            return process(entering, ApiServer.class, String.valueOf(port), address);
        }

        /** Others take a Lease half as long after that. */
        @Override
        Duration lease(Duration timeToLive) {
            return timeToLive.multipliedBy(2).dividedBy(3);
        }
    };

    /** The line by which a process says that its server can be used. */
    static final String READY = "ready";

    private static final List<String> JVM_OPTIONS = List.of("-Xmx64m", "-XX:+UseSerialGC");

    final int port;
    private final String url;
    private final Class<?> beans;

    Elector(int port, String url, Class<?> beans) {
        this.port = port;
        this.url = url;
        this.beans = beans;
    }

    /**
     * Starts the server; whoever closes that ends it. Skips the test where this machine has none.
     *
     * @param entering what the command line of a process begins with, to have it start at the address
     */
    abstract AutoCloseable start(List<String> entering, String address, Path directory) throws Exception;

    /** What {@code camure.election.lease} has to be, so that somebody else is elected so long after the coordinator was heard last. */
    Duration lease(Duration timeToLive) {
        return timeToLive;
    }

    final String url(String address) {
        return String.format(Locale.ROOT, url, address, port);
    }

    /** The configuration of an instance that elects so, which finds {@code elector}, its URL, and {@code time-to-live} in its environment. */
    final Class<?> beans() {
        return beans;
    }

    private static JavaProcess process(List<String> entering, Class<?> main, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(main.getName()));
        all.addAll(List.of(arguments));
        JavaProcess process = JavaProcess.start(entering, JVM_OPTIONS, all.toArray(String[]::new));
        BufferedReader said = new BufferedReader(new InputStreamReader(process.output(), StandardCharsets.UTF_8));
        for (String line = said.readLine(); !READY.equals(line); line = said.readLine()) {
            if (line == null) {
                throw new IOException(main.getSimpleName() + " has ended before it was ready");
            }
        }
        return process;
    }
}
