package io.camure.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.faults.network.Namespaces;
import io.camure.faults.network.NeedsNamespaces;
import io.camure.faults.network.PacketFilter;
import io.camure.faults.node.Node;
import io.camure.test.support.JavaProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The doctor's command on hosts whose network lacks something. */
@NeedsNamespaces
class DoctorFaultTest {

    private static final String DOCTOR = "io.camure.doctor.cli.DoctorCommand";
    private static final String COORDINATOR = Namespaces.address(0) + ":7400";
    private static final int MEMBER = 1;
    private static final int OTHER_MEMBER = 2;
    private static final int HEADERS = 28;

    /** What a bridge lets a frame have beyond the MTU, for a tag. */
    private static final int TAG = 4;

    private Cluster cluster;
    private Namespaces network;
    private JavaProcess listening;

    @BeforeEach
    void start() throws Exception {
        cluster = Cluster.inNamespaces(2);
        network = cluster.network();
    }

    @AfterEach
    void end() throws Exception {
        if (listening != null) {
            listening.close();
        }
        cluster.close();
    }

    private JavaProcess doctor(int node, String... arguments) throws IOException {
        List<String> main = new ArrayList<>(List.of(DOCTOR));
        main.addAll(List.of(arguments));
        return JavaProcess.start(
                network.entering(node),
                List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-Djava.net.preferIPv4Stack=true"),
                main.toArray(String[]::new));
    }

    /** What a check from a node has found, and its exit status. */
    private record Check(JsonNode report, int status) {

        String of(String rung) {
            return find(rung).get("status").asString();
        }

        String fix(String rung) {
            return find(rung).get("fix").asString();
        }

        private JsonNode find(String name) {
            for (JsonNode rung : report.get("rungs")) {
                if (rung.get("name").asString().equals(name)) {
                    return rung;
                }
            }
            throw new AssertionError("no " + name + " in " + report.toPrettyString());
        }
    }

    private Check check(int node, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("check", "--json"));
        if (!List.of(options).contains("--transport")) {
            arguments.addAll(List.of("--transport", "nio"));
        }
        arguments.addAll(List.of(options));
        arguments.add(COORDINATOR);
        try (JavaProcess process = doctor(node, arguments.toArray(String[]::new))) {
            String json = new String(process.output().readAllBytes(), StandardCharsets.UTF_8);
            return new Check(JsonMapper.shared().readTree(json), process.exitStatus());
        }
    }

    /** A doctor in the coordinator's place, which hears when this returns. */
    private void listen(String... options) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("listen", "--transport", "nio", "--bind-address", COORDINATOR));
        arguments.addAll(List.of(options));
        listening = doctor(0, arguments.toArray(String[]::new));
        BufferedReader lines = new BufferedReader(new InputStreamReader(listening.output(), StandardCharsets.UTF_8));
        assertThat(lines.readLine()).startsWith("listening at " + COORDINATOR);
    }

    private void open() throws Exception {
        cluster.plan(cluster.plan().withTimeouts(Duration.ofSeconds(30))).open();
    }

    @Test
    void aNetworkThatIsWellIsGreen() throws Exception {
        open();
        Check check = check(MEMBER);

        assertThat(check.status()).isZero();
        for (String rung : List.of("name", "interfaces", "answers", "unicast", "multicast", "sizes", "ttl")) {
            assertThat(check.of(rung)).as(rung).isEqualTo("GREEN");
        }
        assertThat(check.report().get("matrix").get(0).get("largestBytes").asInt())
                .isEqualTo(1472);
        assertThat(cluster.coordinator().run(Node::members)).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"auto, AMBER, 0", "multicast, RED, 1"})
    void filteredMulticastIsAsBadAsTheDeliveryNeedsIt(String delivery, String status, int exitStatus) throws Exception {
        network.dropArriving(MEMBER, PacketFilter.ofMulticast());
        listen("--delivery", delivery);
        Check check = check(MEMBER);

        assertThat(check.of("multicast")).isEqualTo(status);
        assertThat(check.of("multicast there")).isEqualTo("GREEN");
        assertThat(check.of("unicast")).isEqualTo("GREEN");
        assertThat(check.status()).isEqualTo(exitStatus);
        assertThat(check(OTHER_MEMBER).of("multicast")).isEqualTo("GREEN");
    }

    @ParameterizedTest
    @ValueSource(ints = {1300, 1420, 1496})
    void aSmallerMtuOnTheWayIsFoundWithoutIcmp(int mtu) throws Exception {
        open();
        network.setBridgeMtu(MEMBER, mtu);
        Check check = check(MEMBER);

        // The session finds that out by itself.
        assertThat(check.status()).isZero();
        assertThat(check.of("sizes")).isEqualTo("AMBER");
        int largest = check.report().get("matrix").get(0).get("largestBytes").asInt();
        // As a bridge decides.
        assertThat(largest).isBetween(mtu - HEADERS, mtu - HEADERS + TAG);
        assertThat(check.fix("sizes")).contains(largest + "B");
    }

    @Test
    void aWrongInterfaceIsNamed() throws Exception {
        open();
        network.addInterface(MEMBER, "eth1", "10.78.0.2");
        Check check = check(MEMBER, "--network-interface", "eth1");

        assertThat(check.status()).isOne();
        assertThat(check.of("interfaces")).isEqualTo("AMBER");
        assertThat(check.of("multicast")).isEqualTo("RED");
        assertThat(check.fix("multicast")).contains(Namespaces.address(MEMBER));
    }

    @Test
    void aRouterThatPassesNoMulticastIsTold() throws Exception {
        network.putBehindRouter(MEMBER);
        listen("--delivery", "multicast");
        Check check = check(MEMBER);

        assertThat(check.of("answers")).isEqualTo("GREEN");
        assertThat(check.of("unicast")).isEqualTo("GREEN");
        assertThat(check.of("multicast")).isEqualTo("RED");
        assertThat(check.of("ttl")).isEqualTo("RED");
        assertThat(check.status()).isOne();
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_22, disabledReason = "the Linux transport, which can count them, needs JDK 22")
    void routersAreCounted() throws Exception {
        network.putBehindRouter(MEMBER);
        listen("--delivery", "multicast");
        Check check = check(MEMBER, "--transport", "linux");

        assertThat(check.of("ttl")).isEqualTo("RED");
        assertThat(check.fix("ttl")).contains("multicast-ttl", " to 2 or more");
    }

    @Test
    void aCableThatIsOutIsNamed() throws Exception {
        open();
        network.setCable(MEMBER, false);
        Check check = check(MEMBER);

        assertThat(check.of("answers")).isEqualTo("RED");
        assertThat(check.status()).isOne();
    }

    @Test
    void noRouteIsNamed() throws Exception {
        open();
        network.addRoute(MEMBER, "unreachable", Namespaces.address(0));
        Check check = check(MEMBER);

        assertThat(check.of("interfaces")).isEqualTo("RED");
        assertThat(check.status()).isOne();
    }

    @Test
    void theCoordinatorsOwnDoctorNamesTheMember() throws Exception {
        network.dropArriving(MEMBER, PacketFilter.ofMulticast());
        open();
        network.setBridgeMtu(OTHER_MEMBER, 1300);
        List<String> found = cluster.coordinator().run(Node::examineMembers);

        assertThat(found)
                .filteredOn(rung -> rung.contains(Namespaces.address(MEMBER) + ":"))
                .anyMatch(rung -> rung.startsWith("unicast ") && rung.contains(" GREEN "))
                .anyMatch(rung -> rung.startsWith("multicast ") && rung.contains(" AMBER "));
        assertThat(found)
                .filteredOn(rung -> rung.contains(Namespaces.address(OTHER_MEMBER) + ":"))
                .anyMatch(rung -> rung.startsWith("multicast ") && rung.contains(" GREEN "))
                .anyMatch(rung ->
                        rung.startsWith("sizes ") && rung.contains(" AMBER ") && rung.matches(".* 127[2-6]B.*"));
    }
}
