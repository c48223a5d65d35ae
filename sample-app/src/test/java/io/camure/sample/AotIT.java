package io.camure.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs what the build has processed ahead of time, each role with its own classes. Without these it would not start. */
class AotIT {

    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    @TempDir
    Path directory;

    private final List<Process> started = new ArrayList<>();
    private OutputWatch watch;

    @BeforeEach
    void watch() {
        watch = new OutputWatch(directory);
    }

    @AfterEach
    void end() {
        started.forEach(process -> process.destroyForcibly().onExit().join());
    }

    @Test
    void theFileArrivesAndAllRoundsPass() throws Exception {
        Process extraction = start(
                "extraction",
                "-Djarmode=tools",
                "-jar",
                "target/sample-app.jar",
                "extract",
                "--destination",
                libraries());
        watch.awaitUntil("the libraries are extracted", () -> !extraction.isAlive());
        assertThat(extraction.exitValue()).as(output("extraction")).isZero();
        byte[] content = new byte[300_000];
        new Random(1).nextBytes(content);
        Path file = Files.write(directory.resolve("file"), content);
        int port = FreePort.pair();

        Process coordinator = run(
                "coordinator",
                "--camure.coordinator.bind-address=127.0.0.1:" + port,
                "--camure.coordinator.multicast-address=239.255.74.0:" + (port + 1),
                "--sample.file=" + file);
        Process member = run(
                "member",
                "--camure.member.coordinator-address=127.0.0.1:" + port,
                "--sample.directory=" + directory.resolve("received-here"));

        awaitHealth("coordinator", coordinator);
        awaitHealth("member", member);
        assertThat(directory.resolve("received-here/received")).hasBinaryContent(content);
    }

    /** It is printed when everything is done; the web server goes on. */
    private void awaitHealth(String role, Process process) throws IOException {
        watch.awaitUntil(role + " has done everything", () -> output(role).contains(" UP: ") || !process.isAlive());
        assertThat(output(role))
                .as(watch::everything)
                .contains(" UP: ")
                .contains("files open", "digests open", "start-line open");
    }

    private Process run(String role, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "-Dspring.aot.enabled=true",
                "-cp",
                "target/aot/" + role + "/classes" + File.pathSeparator + libraries() + "/lib/*",
                "io.camure.sample.SampleApplication",
                "--spring.profiles.active=" + role,
                "--server.port=0",
                "--camure.name=" + role,
                "--sample.members=1",
                "--sample.rounds=20"));
        command.addAll(List.of(arguments));
        return start(role, command.toArray(String[]::new));
    }

    private String libraries() {
        return directory.resolve("extracted").toString();
    }

    private Process start(String name, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(JAVA.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".out").toFile())
                .start();
        started.add(process);
        return process;
    }

    private String output(String name) throws IOException {
        return Files.readString(directory.resolve(name + ".out"));
    }
}
