package io.camure.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs {@code ./demo} where nothing is built yet, or something is missing. Its place has a space in its name. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "./demo needs bash")
class DemoElsewhereIT {

    private static final List<String> TOOLS = List.of(
            "awk", "bash", "cat", "cp", "dirname", "env", "find", "grep", "head", "ln", "mkdir", "mktemp", "rm",
            "sleep", "tail", "touch", "wc");

    @TempDir
    Path directory;

    private Path place;
    private Path output;
    private OutputWatch watch;
    private ProcessBuilder builder;
    private Process demo;
    private List<String> prefix = List.of();

    @BeforeEach
    void copy() throws IOException {
        place = Files.createDirectories(directory.resolve("a place"));
        Files.createDirectories(place.resolve("sample-app/target"));
        Files.createFile(place.resolve("pom.xml"));
        Files.copy(Path.of("../demo"), place.resolve("demo"));
        executable(place.resolve("demo"));
        Path tools = Files.createDirectory(directory.resolve("tools"));
        for (String tool : TOOLS) {
            Path found = Files.exists(Path.of("/usr/bin", tool)) ? Path.of("/usr/bin", tool) : Path.of("/bin", tool);
            Files.writeString(tools.resolve(tool), "#!/bin/sh\nexec " + found + " \"$@\"\n");
            executable(tools.resolve(tool));
        }
        output = directory.resolve("demo.out");
        watch = new OutputWatch(directory);
        builder = new ProcessBuilder();
        builder.environment().put("PATH", tools.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment()
                .put("TMPDIR", Files.createDirectory(directory.resolve("tmp")).toString());
    }

    @AfterEach
    void end() throws InterruptedException {
        demo.destroy();
        assertThat(demo.waitFor(1, TimeUnit.MINUTES)).as(watch::everything).isTrue();
    }

    @Test
    void theFirstBuildSaysWhatItDoesAndThenAllIsWell() throws Exception {
        // It waits until it is seen to be at work.
        tool(
                "mvn",
                "echo '[INFO] Building camure core 0.2.0-SNAPSHOT      [2/9]'",
                "echo 'Downloaded from central: https://repo/a.pom (15 kB at 120 kB/s)'",
                "echo 'Downloaded from central: https://repo/a.jar (2.1 MB at 3.4 MB/s)'",
                "until grep -q '2 files, 2 MB downloaded, at camure core' '" + output + "'; do sleep 0.1; done",
                "cp '" + Path.of("target/sample-app.jar").toAbsolutePath() + "' '" + place + "/sample-app/target'");
        start("--rounds", "20", "--port", String.valueOf(FreePort.pair()));

        awaitExit(0);
        assertThat(output)
                .content()
                .containsSubsequence(
                        "the first time it downloads about", "at camure core", "Every digest matched and every round");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[ERROR] Could not create local repository at /home/me/.m2/repository | MAVEN_OPTS=-Dmaven.repo.local=",
                "[ERROR] Could not transfer artifact a:b:pom:1 from central: repo: Unknown host | proxy",
                "[ERROR] COMPILATION ERROR | COMPILATION ERROR"
            })
    void aBuildThatFailsSaysWhyAndWhatToDo(String error, String told) throws Exception {
        tool("mvn", "echo '" + error + "'", "exit 1");
        start();

        awaitExit(1);
        assertThat(output).content().contains(told).doesNotContain("starting 1 coordinator");
    }

    @Test
    void withoutMavenNothingCanBeBuilt() throws Exception {
        start();

        awaitRefusal("there is no 'mvn': Maven 3.8.7 or later is needed");
    }

    @Test
    void withoutJavaNothingRuns() throws Exception {
        builder.environment().remove("JAVA_HOME");
        start();

        awaitRefusal("there is no 'java': JDK 17 or later is needed, at JAVA_HOME or in the PATH");
    }

    @Test
    void aJavaHomeWithoutJavaIsNamed() throws Exception {
        builder.environment().put("JAVA_HOME", directory.resolve("no-jdk").toString());
        start();

        awaitRefusal("there is no '" + directory.resolve("no-jdk/bin/java") + "': JDK 17 or later");
    }

    @ParameterizedTest
    @CsvSource({"'openjdk version \"11.0.2\" 2019-01-15', is Java 11", "'java version \"1.8.0_452\"', is Java 8"})
    void anOldJavaIsNamed(String version, String told) throws Exception {
        builder.environment().remove("JAVA_HOME");
        tool("java", "echo '" + version + "' >&2");
        start();

        awaitRefusal("'java' " + told + ": JDK 17 or later is needed");
    }

    @Test
    void aJavaThatDoesNotRunIsQuoted() throws Exception {
        builder.environment().remove("JAVA_HOME");
        tool("java", "echo 'Unable to locate a Java Runtime.' >&2", "exit 1");
        start();

        awaitRefusal("'java' does not run", "Unable to locate a Java Runtime.");
    }

    @Test
    void aPlaceForItsFilesThatIsMissingIsNamed() throws Exception {
        builder.environment().put("TMPDIR", directory.resolve("missing").toString());
        start();

        awaitRefusal("no directory can be made in '" + directory.resolve("missing") + "'; set TMPDIR");
    }

    @Test
    void theHelpNeedsNothing() throws Exception {
        builder.environment().put("JAVA_HOME", directory.resolve("no-jdk").toString());
        start("--help");

        awaitExit(0);
        assertThat(output).content().contains("usage: ./demo", "Exit status");
    }

    /** As the terminal's end does: 128 + 1, as shells have it, though there is nobody left to write to. */
    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere a test that was started by nohup can't hang up")
    void aHangUpHasItsStatusAlthoughNothingCanBeWritten() throws Exception {
        tool("mvn", "echo running > '" + directory.resolve("mvn.out") + "'", "while true; do sleep 0.1; done");
        Path full = Path.of("/dev/full");
        if (Files.exists(full)) {
            builder.redirectError(full.toFile());
        }
        prefix = List.of("env", "--default-signal=HUP");
        start();
        watch.awaitUntil("the build has begun", () -> Files.exists(directory.resolve("mvn.out")));
        new ProcessBuilder("kill", "-HUP", String.valueOf(demo.pid())).start().waitFor();

        awaitExit(128 + 1);
        assertThat(directory.resolve("tmp")).isEmptyDirectory();
    }

    private void tool(String name, String... lines) throws IOException {
        Path script = directory.resolve("tools").resolve(name);
        Files.writeString(script, "#!/usr/bin/env bash\n" + String.join("\n", lines) + "\n");
        executable(script);
    }

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(place.resolve("demo").toString());
        command.addAll(List.of(arguments));
        builder.command(command).redirectOutput(output.toFile());
        if (builder.redirectError() == ProcessBuilder.Redirect.PIPE) {
            builder.redirectErrorStream(true);
        }
        demo = builder.start();
    }

    private void awaitRefusal(String... told) throws IOException {
        awaitExit(2);
        assertThat(output).content().contains(told);
    }

    private void awaitExit(int status) {
        watch.awaitUntil("the demo has ended", () -> !demo.isAlive());
        assertThat(demo.exitValue()).as(watch::everything).isEqualTo(status);
    }
}
