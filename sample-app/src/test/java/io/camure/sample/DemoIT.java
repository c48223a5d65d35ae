package io.camure.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code ./demo} as a user does. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "./demo needs bash")
class DemoIT {

    /** More than the demo takes to end its nodes, if need be by force. */
    private static final Duration LONGEST_END = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    private Process demo;
    private Path output;
    private OutputWatch watch;

    @AfterEach
    void end() throws InterruptedException {
        demo.destroy();
        assertThat(demo.waitFor(LONGEST_END.toSeconds(), TimeUnit.SECONDS))
                .as(watch::everything)
                .isTrue();
    }

    @Test
    void everyMemberGetsTheFileAndPassesEveryRound() throws Exception {
        start("--members", "2", "--rounds", "20", "--port", freePort());

        awaitExit(0);
        assertThat(output)
                .content()
                .contains("Every digest matched and every round completed")
                .contains("coordinator ", "member-1 ", "member-2 ");
        assertNothingIsLeft();
    }

    @Test
    void aMemberThatIsKilledEndsIt() throws Exception {
        start("--members", "2", "--rounds", "1000000", "--port", freePort());
        awaitRunning(() -> Files.readString(output).contains("sending the file: 100 %"));
        List<ProcessHandle> nodes = nodes();
        nodes.stream().filter(node -> isNamed(node, "member-2")).forEach(ProcessHandle::destroyForcibly);

        awaitExit(1);
        assertThat(output).content().contains("member-2 was killed by signal 9");
        assertThat(nodes).hasSize(3).noneMatch(ProcessHandle::isAlive);
        assertNothingIsLeft();
    }

    @Test
    void anInterruptEndsEveryNode() throws Exception {
        start("--members", "2", "--port", freePort());
        awaitRunning(() -> nodes().size() == 3);
        List<ProcessHandle> nodes = nodes();
        demo.destroy();

        awaitExit(128 + 15);
        assertThat(nodes).noneMatch(ProcessHandle::isAlive);
        assertNothingIsLeft();
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            start("--port", String.valueOf(taken.getLocalPort()));

            awaitExit(2);
            assertThat(output).content().contains("UDP port " + taken.getLocalPort());
        }
    }

    @Test
    void aFileThatIsMissingIsNamed() throws Exception {
        start(directory.resolve("missing").toString());

        awaitExit(2);
        assertThat(output).content().contains("there is no file '" + directory.resolve("missing") + "'");
    }

    private void start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("../demo"));
        command.addAll(List.of(arguments));
        output = directory.resolve("demo.out");
        watch = new OutputWatch(directory);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment()
                .put("TMPDIR", Files.createDirectory(directory.resolve("tmp")).toString());
        demo = builder.start();
    }

    /** Waits for something that a demo does that has not ended. */
    private void awaitRunning(OutputWatch.Condition condition) throws IOException {
        watch.awaitUntil("the demo is so far", () -> condition.holds() || !demo.isAlive());
        assertThat(condition.holds()).as(watch::everything).isTrue();
    }

    private void awaitExit(int status) {
        watch.awaitUntil("the demo has ended", () -> !demo.isAlive());
        assertThat(demo.exitValue()).as(watch::everything).isEqualTo(status);
    }

    private List<ProcessHandle> nodes() {
        return demo.descendants().filter(process -> isNamed(process, "")).toList();
    }

    private static boolean isNamed(ProcessHandle process, String name) {
        return process.info().arguments().stream()
                .flatMap(Arrays::stream)
                .anyMatch(argument -> argument.startsWith("--camure.name=" + name));
    }

    private void assertNothingIsLeft() {
        assertThat(directory.resolve("tmp")).isEmptyDirectory();
    }

    private static String freePort() throws IOException {
        return String.valueOf(FreePort.pair());
    }
}
