package io.camure.faults.election;

import io.camure.test.support.JavaProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One of several instances that pass rounds and say so, as its test sees it. */
final class InstanceProcess implements AutoCloseable {

    private static final List<String> JVM_OPTIONS =
            List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.net.preferIPv4Stack=true");

    /** What the lines begin with that tell a round, among others that libraries write. */
    private static final String ROUND = "round";

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

    /** @param main its class, and the arguments of its main method */
    InstanceProcess(List<String> entering, String name, List<String> main) throws IOException {
        List<String> options = new ArrayList<>(JVM_OPTIONS);
        if (Runtime.version().feature() >= 22) {
            options.add("--enable-native-access=ALL-UNNAMED");
        }
        process = JavaProcess.start(entering, options, main.toArray(String[]::new));
        Thread reader = new Thread(this::read, "rounds-of-" + name);
        reader.setDaemon(true);
        reader.start();
    }

    /** Says, in the process of an instance, that it has passed a round. */
    static void tell(long term, long number, String coordinator) {
        // By the clock that all processes of this machine have.
        System.out.println(ROUND + " " + System.nanoTime() + " " + term + " " + number + " " + coordinator);
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.output(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] fields = line.split(" ");
                if (fields[0].equals(ROUND)) {
                    Passed passed = new Passed(
                            Long.parseLong(fields[1]), Long.parseLong(fields[2]), Long.parseLong(fields[3]), fields[4]);
                    synchronized (rounds) {
                        rounds.add(passed);
                    }
                }
            }
        } catch (IOException | UncheckedIOException e) {
            // It was killed, and what it said last is lost.
        }
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
