package io.camure.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One trace through an HTTP request, the message that it sends to two members, and the round for which all three wait. */
class TraceThroughProcessesTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Deque<NodeProcess> nodes = new ArrayDeque<>();

    /** What an application makes traces with, by what is left out. */
    enum Maker {
        OPEN_TELEMETRY("org.springframework.boot.micrometer.tracing.brave.autoconfigure.BraveAutoConfiguration"),
        BRAVE(
                "org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration",
                "org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration");

        private final List<String> excluded;

        Maker(String... excluded) {
            this.excluded = List.of(excluded);
        }
    }

    @AfterEach
    void end() {
        nodes.forEach(NodeProcess::close);
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private NodeProcess start(String name, Maker maker, String... properties) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "spring.main.banner-mode=off",
                "spring.autoconfigure.exclude=" + String.join(",", maker.excluded),
                "server.port=0",
                // Only those traces show that were begun before.
                "management.tracing.sampling.probability=0",
                "management.opentelemetry.tracing.export.schedule-delay=10ms",
                "camure.groups.work.type=broadcast",
                "camure.groups.work.expected-members=2",
                "camure.groups.done.type=barrier",
                "camure.groups.done.expected-members=2"));
        all.addAll(Arrays.asList(properties));
        NodeProcess node = new NodeProcess(name, all);
        nodes.push(node);
        return node;
    }

    private static int port(NodeProcess node) throws Exception {
        return node.port().get(LONGEST.toSeconds(), TimeUnit.SECONDS);
    }

    private static HttpResponse<String> post(int port) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/steps"))
                .header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01")
                .timeout(LONGEST)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static void assertSpans(NodeProcess node, String... names) {
        await().atMost(LONGEST)
                .untilAsserted(() -> assertThat(node.spans())
                        .containsExactlyInAnyOrder(Arrays.stream(names)
                                .map(name -> TRACE + " " + name)
                                .toArray(String[]::new)));
    }

    @ParameterizedTest
    @EnumSource
    void theTraceOfARequestIsThatOfWhatItCausesElsewhere(Maker maker) throws Exception {
        int port = freePort();
        NodeProcess coordinator = start(
                "coordinator",
                maker,
                "camure.role=coordinator",
                "camure.coordinator.bind-address=127.0.0.1:" + port,
                "camure.coordinator.multicast-address=239.255.74.0:" + freePort());
        List<NodeProcess> members = new ArrayList<>();
        for (String name : List.of("one", "two")) {
            members.add(start(
                    name,
                    maker,
                    "spring.main.web-application-type=none",
                    "camure.role=member",
                    "camure.member.coordinator-address=127.0.0.1:" + port));
        }
        for (NodeProcess member : members) {
            port(member);
        }

        HttpResponse<String> answer = post(port(coordinator));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("round 0");
        assertSpans(coordinator, "http post /steps", "send work", "await done", "round done");
        for (NodeProcess member : members) {
            assertSpans(member, "process work", "await done");
        }
    }
}
