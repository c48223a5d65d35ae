package io.camure.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    Path directory;

    private Process demo;
    private Path output;

    @AfterEach
    void end() throws InterruptedException {
        demo.destroy();
        assertThat(demo.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void everyMemberGetsTheFileAndPassesEveryRound() throws Exception {
        start("--members", "2", "--rounds", "20", "--port", freePort());

        assertThat(exitStatus()).as(Files.readString(output)).isZero();
        assertThat(output)
                .content()
                .contains("Every digest matched and every round completed")
                .contains("coordinator ", "member-1 ", "member-2 ");
        assertNothingIsLeft();
    }

    @Test
    void aMemberThatIsKilledEndsIt() throws Exception {
        start("--members", "2", "--rounds", "1000000", "--port", freePort());
        await().atMost(PATIENCE).until(() -> Files.readString(output).contains("sending the file: 100 %"));
        List<ProcessHandle> nodes = nodes();
        nodes.stream().filter(node -> isNamed(node, "member-2")).forEach(ProcessHandle::destroyForcibly);

        assertThat(exitStatus()).as(Files.readString(output)).isEqualTo(1);
        assertThat(output).content().contains("member-2 was killed by signal 9");
        assertThat(nodes).hasSize(3).noneMatch(ProcessHandle::isAlive);
        assertNothingIsLeft();
    }

    @Test
    void anInterruptEndsEveryNode() throws Exception {
        start("--members", "2", "--port", freePort());
        await().atMost(PATIENCE).until(() -> nodes().size() == 3);
        List<ProcessHandle> nodes = nodes();
        demo.destroy();

        assertThat(exitStatus()).as(Files.readString(output)).isEqualTo(128 + 15);
        assertThat(nodes).noneMatch(ProcessHandle::isAlive);
        assertNothingIsLeft();
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            start("--port", String.valueOf(taken.getLocalPort()));

            assertThat(exitStatus()).isEqualTo(2);
            assertThat(output).content().contains("UDP port " + taken.getLocalPort());
        }
    }

    @Test
    void aFileThatIsMissingIsNamed() throws Exception {
        start(directory.resolve("missing").toString());

        assertThat(exitStatus()).isEqualTo(2);
        assertThat(output).content().contains("there is no file '" + directory.resolve("missing") + "'");
    }

    private void start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("../demo"));
        command.addAll(List.of(arguments));
        output = directory.resolve("output");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment()
                .put("TMPDIR", Files.createDirectory(directory.resolve("tmp")).toString());
        demo = builder.start();
    }

    private int exitStatus() throws InterruptedException {
        assertThat(demo.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return demo.exitValue();
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
