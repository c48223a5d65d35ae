package io.camure.spring.integration;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server that this machine has a package of, with its data in the directory of a test. Whoever has none skips the test. */
final class Server implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Process process;
    private final int port;

    private Server(Path directory, int port, List<String> command) throws IOException {
        this.port = port;
        process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("server.log").toFile())
                .start();
        await().atMost(PATIENCE).until(this::answers);
    }

    /** PostgreSQL for the user {@code postgres}, who needs no password. */
    static Server postgresql(Path directory) throws Exception {
        Path programs = postgresqlPrograms();
        int port = freePort();
        Path data = directory.resolve("data");
        List<String> asUser = List.of();
        if (isRoot()) {
            // It does not run as root.
            asUser = List.of("runuser", "-u", "postgres", "--");
            run(directory, "chown", "postgres", directory.toString());
            run(directory, "chmod", "755", directory.toString());
        }
        List<String> creating = new ArrayList<>(asUser);
        creating.addAll(List.of(programs.resolve("initdb").toString(), "-U", "postgres", "-A", "trust", "-D"));
        creating.addAll(List.of(data.toString(), "--no-sync"));
        run(directory, creating.toArray(String[]::new));
        List<String> command = new ArrayList<>(asUser);
        command.addAll(List.of(programs.resolve("postgres").toString(), "-D", data.toString(), "-k", data.toString()));
        command.addAll(List.of("-h", "127.0.0.1", "-p", String.valueOf(port), "-c", "fsync=off"));
        return new Server(directory, port, command);
    }

    static Server redis(Path directory) throws Exception {
        Path program = Path.of("/usr/bin/redis-server");
        assumeTrue(
                Files.isExecutable(program), "there is no /usr/bin/redis-server, which the package redis-server has");
        int port = freePort();
        return new Server(
                directory,
                port,
                List.of(program.toString(), "--bind", "127.0.0.1", "--port", String.valueOf(port), "--save", ""));
    }

    private static Path postgresqlPrograms() throws IOException {
        Path versions = Path.of("/usr/lib/postgresql");
        Optional<Path> found = Optional.empty();
        if (Files.isDirectory(versions)) {
            try (Stream<Path> each = Files.list(versions)) {
                found = each.map(version -> version.resolve("bin"))
                        .filter(programs -> Files.isExecutable(programs.resolve("postgres")))
                        .findAny();
            }
        }
        assumeTrue(found.isPresent(), "there is no postgres in /usr/lib/postgresql, which the package postgresql has");
        return found.orElseThrow();
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static void run(Path directory, String... command) throws IOException, InterruptedException {
        Path log = directory.resolve("command.log");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(Arrays.toString(command) + ": " + Files.readString(log));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private boolean answers() {
        if (!process.isAlive()) {
            throw new IllegalStateException("the server has ended with status " + process.exitValue());
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    int port() {
        return port;
    }

    /** Has it answer nobody, as if it was cut off. */
    void freeze() throws IOException, InterruptedException {
        signal("-STOP");
    }

    void thaw() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", signal));
        Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .forEach(each -> command.add(String.valueOf(each.pid())));
        // One that has ended since makes no difference.
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    @Override
    public void close() throws IOException {
        try {
            end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() throws IOException, InterruptedException {
        thaw();
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroy);
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            all.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
