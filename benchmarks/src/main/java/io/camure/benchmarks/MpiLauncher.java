package io.camure.benchmarks;

import io.camure.benchmarks.peers.MpiContender;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Starts all nodes by {@code mpirun}. They are a C program that {@code ./bench} has compiled, and take their commands by a
 * Unix socket, which network namespaces don't separate. Instead of ssh, {@code mpirun} is given a script that enters the
 * namespace of an address; there a host has a name of its own, or it would be taken for one and the same.
 */
final class MpiLauncher implements Launcher {

    /** By what system property the driver is told where the program is. */
    static final String PROGRAM = "bench.mpi-node";

    private final Setup setup;
    private final MpiContender contender;

    MpiLauncher(Setup setup, MpiContender contender) {
        this.setup = setup;
        this.contender = contender;
    }

    @Override
    public void launch(Cell cell, Addresses addresses, List<NodeProcess> nodes)
            throws CellFailure, InterruptedException {
        int size = addresses.nodes().size();
        Path path = setup.directory().resolve("mpi-socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            Files.deleteIfExists(path);
            server.bind(UnixDomainSocketAddress.of(path));
            server.configureBlocking(false);
            Process process = new ProcessBuilder(command(addresses, path))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(setup.log().toFile()))
                    .start();
            process.getOutputStream().close();
            try {
                nodes.addAll(accept(server, process, size));
            } catch (CellFailure | IOException | InterruptedException e) {
                process.destroy();
                throw e;
            }
        } catch (IOException e) {
            throw new CellFailure("mpirun could not be started: " + e.getMessage(), e);
        }
    }

    /** Each node says first which one it is. */
    private static List<NodeProcess> accept(ServerSocketChannel server, Process process, int size)
            throws CellFailure, IOException, InterruptedException {
        TreeMap<Long, NodeProcess> nodes = new TreeMap<>();
        long deadline = System.nanoTime() + Deadlines.GATHER.toNanos();
        while (nodes.size() < size) {
            SocketChannel channel = server.accept();
            if (channel != null) {
                NodeProcess node = NodeProcess.at(channel, "a node of MPI", process);
                nodes.put(node.expect("started", Deadlines.PHASE).number("rank"), node);
            } else if (System.nanoTime() - deadline > 0 || !process.isAlive()) {
                throw new CellFailure("mpirun has started " + nodes.size() + " of " + size + " nodes");
            } else {
                Thread.sleep(5);
            }
        }
        return new ArrayList<>(nodes.values());
    }

    private List<String> command(Addresses addresses, Path socket) throws IOException {
        Network network = setup.network();
        List<String> command = new ArrayList<>();
        boolean oneHost = network.isLoopback() || contender.usesSharedMemory();
        if (!oneHost) {
            command.addAll(network.entering(0));
            command.addAll(List.of("unshare", "--uts", "sh", "-c", "hostname node-0; exec \"$@\"", "sh"));
        }
        int size = addresses.nodes().size();
        command.addAll(List.of("mpirun", "--allow-run-as-root", "--bind-to", "none", "-np", Integer.toString(size)));
        if (oneHost) {
            command.add("--oversubscribe");
        } else {
            command.addAll(List.of("--host", String.join(":1,", addresses.nodes()) + ":1"));
            command.addAll(List.of("--mca", "plm_rsh_agent", agent(addresses).toString()));
            command.addAll(List.of("--mca", "oob_tcp_if_include", network.subnet()));
        }
        command.addAll(contender.parameters(network.subnet()));
        command.addAll(List.of(
                Objects.requireNonNull(program()),
                socket.toString(),
                setup.directory().toString()));
        return command;
    }

    private Path agent(Addresses addresses) throws IOException {
        StringBuilder script = new StringBuilder("#!/bin/sh\nhost=$1\nshift\ncase $host in\n");
        for (int i = 0; i < addresses.nodes().size(); i++) {
            script.append(addresses.nodes().get(i))
                    .append(") exec ")
                    .append(String.join(" ", setup.network().entering(i)))
                    .append(" unshare --uts sh -c \"hostname node-")
                    .append(i)
                    .append("; $*\" ;;\n");
        }
        script.append("esac\nexit 1\n");
        Path file = setup.directory().resolve("mpi-agent");
        Files.writeString(file, script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file;
    }

    /** The C program, or nothing where it could not be compiled. */
    static @Nullable String program() {
        return System.getProperty(PROGRAM);
    }

    /** It is no JVM. */
    @Override
    public long deoptimizations() {
        return 0;
    }
}
