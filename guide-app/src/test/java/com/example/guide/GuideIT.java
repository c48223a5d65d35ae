package com.example.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Does what the README's guide says, on ports that are free, and looks for what it promises. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there a process that is ended says no goodbye")
class GuideIT {

    /** A wait ends so soon that the nodes have waited several times, whenever the others start. */
    private static final String SHORT_WAITS = "--camure.groups.step.timeout=1s";

    @TempDir
    Path directory;

    private final List<Terminal> terminals = new ArrayList<>();
    private final Readme readme;
    private FreePorts ports;

    GuideIT() throws IOException {
        readme = new Readme();
    }

    @BeforeEach
    void findPorts() throws IOException {
        ports = FreePorts.find();
    }

    @AfterEach
    void end() {
        terminals.forEach(Terminal::close);
    }

    @Test
    void allGoesAsTheGuideSaysAndAKilledCoordinatorComesBack() throws Exception {
        Terminal coordinator = start("coordinator");
        coordinator.awaitPrinted("no step: .* 2 of 2 expected members are missing", 2);
        Terminal first = start("member");
        coordinator.awaitPrinted("no step: .* 1 of 2 expected members are missing", 2);
        Terminal second = start("member");

        assertPrintsAsShown("coordinator", coordinator);
        first.awaitPrinted("step \\d+ of 3 nodes");
        second.awaitPrinted("step \\d+ of 3 nodes");
        String web = "http://localhost:" + webPort(coordinator);
        for (Map.Entry<String, String> shown : readme.answers().entrySet()) {
            assertThat(shape(answer(shown.getKey().replace("localhost:8080", web))))
                    .as(shown.getKey())
                    .containsAll(shape(shown.getValue()));
        }
        assertPrintsAsShown("member", first);
        assertPrintsAsShown("member", second);

        coordinator.kill();
        first.awaitPrinted("no step: ");
        int before = steps(first);
        Terminal restarted = start("coordinator");
        restarted.awaitPrinted("step 1 of 3 nodes");
        first.awaitPrinted("step \\d+ of 3 nodes", before + 1);
        second.awaitPrinted("step \\d+ of 3 nodes");
        assertThat(answer("-X POST 'http://localhost:" + webPort(restarted) + "/prices?symbol=NEW&amount=1'"))
                .isEqualTo("delivered\n");
        first.awaitPrinted("NEW is at 1");
        second.awaitPrinted("NEW is at 1");

        assertThat(second.interrupt()).isEqualTo(128 + 15);
        restarted.awaitPrinted("step \\d+ of 2 nodes");
        assertThat(terminals).allSatisfy(GuideIT::assertThatNothingFailed);
    }

    @Test
    void theMembersMayComeFirst() throws Exception {
        Terminal first = start("member");
        first.awaitPrinted("no step: ", 2);
        Terminal second = start("member");
        second.awaitPrinted("no step: ", 2);
        Terminal coordinator = start("coordinator");

        coordinator.awaitPrinted("step 1 of 3 nodes");
        first.awaitPrinted("step 1 of 3 nodes");
        second.awaitPrinted("step 1 of 3 nodes");
        assertThat(terminals).allSatisfy(GuideIT::assertThatNothingFailed);
    }

    /** A loss and what follows from it is no failure; WARN tells of it. */
    private static void assertThatNothingFailed(Terminal terminal) {
        assertThat(terminal.printed()).doesNotContain(" ERROR ", "Exception", "restricted method", "native access");
    }

    private Terminal start(String role) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-jar", "target/prices-1.0.jar"));
        arguments.addAll(readme.startArguments(role));
        arguments.addAll(List.of(
                "--server.port=0",
                "--camure.coordinator.bind-address=127.0.0.1:" + ports.coordinator(),
                "--camure.coordinator.multicast-address=239.255.74.0:" + ports.multicast(),
                "--camure.member.coordinator-address=127.0.0.1:" + ports.coordinator(),
                SHORT_WAITS));
        Terminal terminal = Terminal.java(directory, role, arguments);
        terminals.add(terminal);
        return terminal;
    }

    private static String webPort(Terminal terminal) {
        return terminal.awaitPrinted("Tomcat started on port (\\d+)").group(1);
    }

    private static int steps(Terminal terminal) {
        return (int) terminal.printed()
                .lines()
                .filter(line -> line.matches("step \\d+ of 3 nodes"))
                .count();
    }

    /** Each line that is shown, numbers and names of nodes aside. */
    private void assertPrintsAsShown(String node, Terminal terminal) {
        assertThat(readme.printed(node)).isNotEmpty().allSatisfy(line -> terminal.awaitPrinted(pattern(line)));
    }

    private static String pattern(String line) {
        return Pattern.quote(line)
                .replaceAll("prices-[0-9a-f]{4}", "\\\\E\\\\S+\\\\Q")
                .replaceAll("\\b10s\\b", "\\\\E\\\\d+s\\\\Q")
                .replaceAll("step \\d+", "step \\\\E\\\\d+\\\\Q")
                .replaceAll("round \\d+", "round \\\\E\\\\d+\\\\Q");
    }

    /** Of a request as it is given to curl. */
    private static String answer(String request) throws IOException, InterruptedException {
        boolean post = request.startsWith("-X POST ");
        String url = request.replace("-X POST ", "").replace("'", "");
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url))
                                .method(post ? "POST" : "GET", HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** Of an answer in JSON its fields and whether all is UP; of another one, all of it. While a round goes on there are more. */
    private static Set<String> shape(String answer) {
        if (!answer.startsWith("{")) {
            return Set.of(answer.strip());
        }
        TreeSet<String> fields = new TreeSet<>();
        collect("", JsonMapper.shared().readTree(answer), fields);
        return fields;
    }

    private static void collect(String path, JsonNode node, TreeSet<String> fields) {
        node.forEachEntry((name, value) -> collect(path + "/" + name, value, fields));
        node.forEach(element -> {
            if (node.isArray()) {
                collect(path, element, fields);
            }
        });
        boolean compared = path.matches(".*/(status|state|outcome|type|statistic|tag|name|membersPresent)");
        fields.add(compared && node.isValueNode() ? path + "=" + node.asString() : path);
    }
}
