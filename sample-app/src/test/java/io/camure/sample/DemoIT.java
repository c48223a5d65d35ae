package io.camure.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    void withTheDashboardItGoesOnUntilItIsInterrupted() throws Exception {
        int web = FreePort.pair();
        start("--members", "2", "--rounds", "20", "--port", freePort(), "--dashboard=" + web);
        String address = "http://127.0.0.1:" + web + "/camure";
        awaitRunning(() -> Files.readString(output).contains("dashboard: " + address + ", until Ctrl-C"));

        // Beyond the rounds that it does without the dashboard: 20, and one before the file, after it and at the end
        // each.
        HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        awaitRunning(() -> roundsCompleted(client, web) > 30);
        HttpResponse<String> page = get(client, URI.create(address));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).startsWith("<!doctype html>");
        demo.destroy();

        awaitExit(128 + 15);
        assertNothingIsLeft();
    }

    private static HttpResponse<String> get(HttpClient client, URI uri) throws IOException {
        try {
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static int roundsCompleted(HttpClient client, int web) throws IOException {
        Matcher completed = Pattern.compile("\"completed\":(\\d+)")
                .matcher(get(client, URI.create("http://127.0.0.1:" + web + "/actuator/camure/groups/start-line"))
                        .body());
        return completed.find() ? Integer.parseInt(completed.group(1)) : 0;
    }

    @Test
    void amongEqualsAnotherOneGoesOnWhenTheCoordinatorIsKilled() throws Exception {
        start("--auto", "--rounds", "20");

        awaitExit(0);
        String told = Files.readString(output);
        Matcher killed =
                Pattern.compile("(node-\\d), which coordinates, is killed").matcher(told);
        assertThat(killed.find()).as(told).isTrue();
        Matcher successor = Pattern.compile("(node-\\d) went on in term (\\d+), .* after the last one of (node-\\d)")
                .matcher(told);
        assertThat(successor.find()).as(told).isTrue();
        assertThat(successor.group(3)).isEqualTo(killed.group(1)).isNotEqualTo(successor.group(1));
        assertThat(Integer.parseInt(successor.group(2))).isGreaterThan(1);
        assertNothingIsLeft();
    }

    @Test
    void whatDoesNotGoWithEqualsIsNamed() throws Exception {
        start("--auto", "--dashboard");

        awaitExit(2);
        assertThat(output).content().contains("--dashboard does not go with --auto");
    }

    @Test
    void aTakenPortOfTheDashboardIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            start("--port", freePort(), "--dashboard=" + taken.getLocalPort());

            awaitExit(2);
            assertThat(output).content().contains("TCP port " + taken.getLocalPort());
        }
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
