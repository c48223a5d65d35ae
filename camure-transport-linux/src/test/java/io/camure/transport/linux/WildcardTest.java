package io.camure.transport.linux;

import static io.camure.transport.linux.TestPorts.array;
import static io.camure.transport.linux.TestPorts.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A port that is bound to a wildcard sends from that of its host's addresses at which it was asked. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class WildcardTest {

    private static final int TRAIN_BYTES = 44 * 1000 + 5;

    private NetworkNamespaces hosts;

    @BeforeEach
    void connect() throws Exception {
        hosts = new NetworkNamespaces();
        address("add", "10.77.0.11/24", "10.77.0.12/24");
        address("add", "fd00:77::11/64", "fd00:77::12/64");
    }

    private void address(String command, String... addresses) throws Exception {
        for (String each : addresses) {
            String flag = each.contains(":") && command.equals("add") ? "nodad" : "";
            NetworkNamespaces.run(("ip -n " + hosts.one + " address " + command + " " + each + " dev "
                            + NetworkNamespaces.INTERFACE + " " + flag)
                    .strip()
                    .split(" "));
        }
    }

    @AfterEach
    void disconnect() throws Exception {
        if (hosts != null) {
            hosts.delete();
        }
    }

    private static LinuxDatagramPort open(String host, String address) throws Exception {
        return NetworkNamespaces.in(
                host,
                () -> LinuxDatagramPort.open(
                        new InetSocketAddress(TestPorts.address(address), 0),
                        TestPorts.options(NetworkNamespaces.INTERFACE)));
    }

    private static void ask(LinuxDatagramPort node, LinuxDatagramPort server, String address) throws IOException {
        node.send(bytes(3), 3, at(server, address));
        node.flush();
        new Arrivals(server).await(1);
    }

    private static InetSocketAddress at(LinuxDatagramPort server, String address) {
        return new InetSocketAddress(
                TestPorts.address(address), server.localAddress().getPort());
    }

    /** One datagram alone, two at once, and a train. */
    private static void assertThatItAnswersFrom(String address, LinuxDatagramPort server, LinuxDatagramPort node)
            throws IOException {
        Arrivals arrivals = new Arrivals(node);
        ByteBuffer train = bytes(TRAIN_BYTES);
        server.send(bytes(7), 7, node.localAddress());
        server.flush();
        server.send(bytes(7), 7, node.localAddress());
        server.send(bytes(9), 9, node.localAddress());
        server.flush();
        server.send(train, 1000, node.localAddress());
        server.flush();
        arrivals.await(3 + 45);

        assertThat(arrivals.sources).containsOnly(at(server, address));
        assertThat(arrivals.datagrams.get(47)).hasSize(5);
        assertThat(arrivals.joined()).endsWith(array(train));
        assertThat(server.sendFailures()).isZero();
        assertThat(server.segments(1000)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 10.77.0.2, 10.77.0.1, 10.77.0.12",
        "::, 10.77.0.2, 10.77.0.1, 10.77.0.12",
        "::, fd00:77::2, fd00:77::11, fd00:77::12"
    })
    void itAnswersFromTheAddressThatWasAskedLast(String wildcard, String node, String first, String second)
            throws Exception {
        try (LinuxDatagramPort server = open(hosts.one, wildcard);
                LinuxDatagramPort asking = open(hosts.other, node)) {
            for (String address : new String[] {second, first, second}) {
                ask(asking, server, address);
                assertThatItAnswersFrom(address, server, asking);
            }
        }
    }

    @Test
    void eachNodeIsAnsweredFromWhereItHasAsked() throws Exception {
        try (LinuxDatagramPort server = open(hosts.one, "0.0.0.0");
                LinuxDatagramPort one = open(hosts.other, "10.77.0.2");
                LinuxDatagramPort other = open(hosts.other, "10.77.0.2")) {
            ask(one, server, "10.77.0.11");
            ask(other, server, "10.77.0.12");
            assertThatItAnswersFrom("10.77.0.11", server, one);
            assertThatItAnswersFrom("10.77.0.12", server, other);
        }
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0, 10.77.0.2, 10.77.0.11/24, 10.77.0.1", "::, fd00:77::2, fd00:77::11/64, fd00:77::1"})
    void anAddressThatTheHostHasLostKeepsNothingFromBeingSent(String wildcard, String node, String asked, String left)
            throws Exception {
        address("del", left.contains(":") ? "fd00:77::12/64" : "10.77.0.12/24");
        try (LinuxDatagramPort server = open(hosts.one, wildcard);
                LinuxDatagramPort asking = open(hosts.other, node)) {
            ask(asking, server, asked.substring(0, asked.indexOf('/')));
            address("del", asked);
            assertThatItAnswersFrom(left, server, asking);
        }
    }

    @Test
    void groupTrafficLeavesFromTheInterface() throws Exception {
        InetSocketAddress group = new InetSocketAddress(TestPorts.address("239.255.77.8"), 7401);
        try (LinuxDatagramPort server = open(hosts.one, "0.0.0.0");
                LinuxDatagramPort member = open(hosts.other, "10.77.0.2")) {
            ask(member, server, "10.77.0.12");
            NetworkNamespaces.in(hosts.other, () -> {
                member.joinMulticast(group);
                return null;
            });
            server.send(bytes(5), 5, group);
            server.flush();
            assertThat(new Arrivals(member).await(1).sources).containsExactly(at(server, "10.77.0.1"));
        }
    }
}
