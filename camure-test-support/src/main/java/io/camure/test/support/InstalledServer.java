package io.camure.test.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A server that this machine has a package of, with its data in the directory of a test. Whoever has none skips the test. Of one
 * thread.
 */
public final class InstalledServer implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;

    /** What either server writes once it can be used. */
    private static final String READY = "ready to accept connections";

    private final List<String> command;
    private final Path directory;
    private final Place place;
    private Process process;

    /**
     * Where a server is.
     *
     * @param entering what its command line begins with, to have it start somewhere else; may be empty
     */
    public record Place(List<String> entering, String address, int port) {

        /** At a port of this machine that nobody else can reach. */
        public static Place loopback() throws IOException {
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return new Place(List.of(), "127.0.0.1", free.getLocalPort());
            }
        }
    }

    private InstalledServer(Path directory, Place place, List<String> command) throws IOException {
        this.directory = directory;
        this.place = place;
        this.command =
                Stream.concat(place.entering().stream(), command.stream()).toList();
        process = launch();
    }

    /** PostgreSQL for the user {@code postgres}, who needs no password, with the database {@code postgres}. */
    public static InstalledServer postgresql(Path directory, Place place) throws Exception {
        Path programs = postgresqlPrograms();
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
        creating.addAll(List.of(data.toString(), "--no-sync", "--no-locale", "-E", "UTF8"));
        run(directory, creating.toArray(String[]::new));
        Files.writeString(data.resolve("pg_hba.conf"), "host all all samenet trust\n", StandardOpenOption.APPEND);
        List<String> command = new ArrayList<>(asUser);
        command.addAll(List.of(programs.resolve("postgres").toString(), "-D", data.toString(), "-k", data.toString()));
        command.addAll(List.of("-h", place.address(), "-p", String.valueOf(place.port()), "-c", "fsync=off"));
        return new InstalledServer(directory, place, command);
    }

    /** Redis, which keeps nothing when it ends. */
    public static InstalledServer redis(Path directory, Place place) throws Exception {
        Path program = Path.of("/usr/bin/redis-server");
        assumeTrue(
                Files.isExecutable(program), "there is no /usr/bin/redis-server, which the package redis-server has");
        List<String> command = new ArrayList<>(List.of(program.toString(), "--bind", place.address()));
        command.addAll(List.of("--port", String.valueOf(place.port()), "--save", "", "--protected-mode", "no"));
        return new InstalledServer(directory, place, command);
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

    private Process launch() throws IOException {
        Files.writeString(log(), "", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        Process launched = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        CompletableFuture<Void> ready = new CompletableFuture<>();
        Thread reader = new Thread(() -> readLog(launched, ready), "log-of-" + launched.pid());
        reader.setDaemon(true);
        reader.start();
        try {
            ready.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return launched;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a server was started", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the server has not become ready: " + Files.readString(log()), e);
        } finally {
            if (!ready.isDone() || ready.isCompletedExceptionally()) {
                launched.destroyForcibly();
            }
        }
    }

    private Path log() {
        return directory.resolve("server.log");
    }

    private void readLog(Process launched, CompletableFuture<Void> ready) {
        try (BufferedReader lines = launched.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Files.writeString(log(), line + "\n", StandardOpenOption.APPEND);
                if (line.toLowerCase(Locale.ROOT).contains(READY)) {
                    ready.complete(null);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            // It was killed, or the directory of the test is gone.
        }
        ready.completeExceptionally(new IOException("it has ended"));
    }

    public int port() {
        return place.port();
    }

    /** Has it answer nobody, as if it was cut off. */
    public void freeze() throws IOException, InterruptedException {
        signal("-STOP");
    }

    public void thaw() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", signal));
        all().forEach(each -> command.add(String.valueOf(each.pid())));
        // One that has ended since makes no difference.
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private List<ProcessHandle> all() {
        return Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
    }

    /** Ends it as {@code kill -9} does: it refuses connections from then on. */
    public void kill() {
        List<ProcessHandle> killed = all();
        killed.forEach(ProcessHandle::destroyForcibly);
        killed.forEach(each -> each.onExit().join());
    }

    /** Starts it again once it was killed, with the data that it has kept. */
    public void restart() throws IOException {
        process = launch();
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
        all().forEach(ProcessHandle::destroy);
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            kill();
        }
    }
}
