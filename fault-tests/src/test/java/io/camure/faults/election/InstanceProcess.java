package io.camure.faults.election;

import io.camure.test.support.JavaProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An {@link ElectedInstance}, as its test sees it. */
final class InstanceProcess implements AutoCloseable {

    private static final List<String> JVM_OPTIONS =
            List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.net.preferIPv4Stack=true");

    private final String name;
    private final JavaProcess process;

    /** Guarded by itself. */
    private final List<Passed> rounds = new ArrayList<>();

    /**
     * A round that the instance has passed.
     *
     * @param nanos when, by the clock of this machine
     * @param coordinator who coordinated it
     */
    record Passed(long nanos, long term, long number, String coordinator) {}

    InstanceProcess(List<String> prefix, String name, String address, String database, Duration timeToLive)
            throws IOException {
        this.name = name;
        List<String> options = new ArrayList<>(JVM_OPTIONS);
        if (Runtime.version().feature() >= 22) {
            options.add("--enable-native-access=ALL-UNNAMED");
        }
        process = JavaProcess.start(
                prefix,
                options,
                ElectedInstance.class.getName(),
                "--spring.main.banner-mode=off",
                "--logging.threshold.console=off",
                "--database=" + database,
                "--time-to-live=" + timeToLive.toSeconds() + "s",
                "--camure.role=auto",
                "--camure.name=" + name,
                "--camure.session-name=elected",
                "--camure.election.lease=" + timeToLive.toSeconds() + "s",
                "--camure.coordinator.bind-address=" + address + ":0",
                "--camure.groups.steps.type=barrier",
                "--camure.groups.steps.expected-members=3");
        Thread reader = new Thread(this::read, "rounds-of-" + name);
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.output(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] fields = line.split(" ");
                if (fields.length == 4) {
                    Passed passed = new Passed(
                            Long.parseLong(fields[0]), Long.parseLong(fields[1]), Long.parseLong(fields[2]), fields[3]);
                    synchronized (rounds) {
                        rounds.add(passed);
                    }
                }
            }
        } catch (IOException | UncheckedIOException e) {
            // It was killed, and what it said last is lost.
        }
    }

    String name() {
        return name;
    }

    JavaProcess process() {
        return process;
    }

    /** All rounds that it has passed. */
    List<Passed> rounds() {
        synchronized (rounds) {
            return List.copyOf(rounds);
        }
    }

    @Override
    public void close() {
        process.kill();
    }
}
