package io.camure.benchmarks;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agrona.IoUtil;

/** The processes of one set of nodes, the coordinator first. */
final class Crew implements AutoCloseable {

    private static final int FIRST_PORT = 20_000;
    private static final int PORT_RANGES = 400;

    /** In the last byte of a multicast address: Aeron needs an odd one, and uses the one that follows. */
    private static final int ODD_NUMBERS = 100;

    /** Aeron and Hazelcast ask for the packages in their documentation, camure and the floor for native access. */
    private static final List<String> JVM_OPTIONS = List.of(
            "-Xmx1g",
            "--add-modules=java.se",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.management/sun.management=ALL-UNNAMED",
            "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED",
            "-Djava.net.preferIPv4Stack=true");

    /** In the directory of a run, what all nodes write to standard error. */
    private static final String LOG = "log";

    private static int opened;

    private final List<NodeProcess> nodes = new ArrayList<>();
    private final List<Path> directories = new ArrayList<>();
    private final Thread killer = new Thread(this::kill);

    private boolean fresh = true;

    private Crew() {
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /** Starts a coordinator, and when it is there the members. */
    static Crew start(Cell cell, Network network, Path directory, List<String> jvmOptions)
            throws CellFailure, InterruptedException {
        Crew crew = new Crew();
        try {
            crew.startNodes(cell, network, directory, jvmOptions);
            return crew;
        } catch (CellFailure | InterruptedException | RuntimeException e) {
            crew.kill();
            crew.close();
            throw e;
        }
    }

    private void startNodes(Cell cell, Network network, Path directory, List<String> jvmOptions)
            throws CellFailure, InterruptedException {
        // Each set has addresses of its own, so that what is left of one does not reach the next.
        int range = opened++ % PORT_RANGES;
        int size = cell.members() + 1;
        List<String> addresses = new ArrayList<>();
        try {
            for (InetAddress address : network.addresses(size)) {
                addresses.add(address.getHostAddress());
            }
        } catch (UnknownHostException e) {
            throw new CellFailure("no addresses for the nodes", e);
        }
        for (int i = 0; i < size; i++) {
            Path nodeDirectory = directory.resolve("node-" + i);
            directories.add(nodeDirectory);
            List<String> command = new ArrayList<>(network.entering(i));
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(JVM_OPTIONS);
            command.addAll(jvmOptions);
            if (Runtime.version().feature() >= 22) {
                command.add("--enable-native-access=ALL-UNNAMED");
            }
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), Node.class.getName()));
            command.addAll(List.of(
                    cell.system(),
                    cell.work().toString(),
                    Integer.toString(i),
                    Integer.toString(FIRST_PORT + range * Place.PORTS),
                    "239.255." + (75 + range / ODD_NUMBERS) + "." + (1 + 2 * (range % ODD_NUMBERS)),
                    String.join(",", addresses),
                    nodeDirectory.toString()));
            NodeProcess node =
                    NodeProcess.start(i == 0 ? "the coordinator" : "member " + i, command, directory.resolve(LOG));
            nodes.add(node);
            if (i == 0) {
                node.expect("started", Deadlines.GATHER);
            }
        }
        for (NodeProcess member : members()) {
            member.expect("started", Deadlines.GATHER);
        }
        askAll(Fields.of("gather"), "gathered", Deadlines.GATHER);
    }

    /** Whether this is the first time that this is asked. */
    boolean isFresh() {
        boolean answer = fresh;
        fresh = false;
        return answer;
    }

    NodeProcess coordinator() {
        return nodes.get(0);
    }

    List<NodeProcess> members() {
        return nodes.subList(1, nodes.size());
    }

    /** Has all nodes do the same, and gives back their answers. */
    List<Fields> askAll(Fields command, String reply, Duration timeout) throws CellFailure, InterruptedException {
        for (NodeProcess node : nodes) {
            node.command(command);
        }
        return expectAll(nodes, reply, timeout);
    }

    static List<Fields> expectAll(List<NodeProcess> nodes, String reply, Duration timeout)
            throws CellFailure, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        List<Fields> replies = new ArrayList<>();
        for (NodeProcess node : nodes) {
            replies.add(node.expect(reply, Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))));
        }
        return replies;
    }

    /** Ends the members, then the coordinator. */
    void end() throws CellFailure {
        for (NodeProcess member : members()) {
            member.end();
        }
        for (NodeProcess member : members()) {
            member.close();
        }
        coordinator().end();
    }

    void kill() {
        nodes.forEach(NodeProcess::kill);
    }

    @Override
    public void close() {
        for (NodeProcess node : nodes) {
            node.close();
        }
        // A node that was killed has not done so.
        directories.forEach(directory -> IoUtil.delete(directory.toFile(), true));
        try {
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (IllegalStateException e) {
            // The driver is being ended, and the hook has done this already.
        }
    }
}
