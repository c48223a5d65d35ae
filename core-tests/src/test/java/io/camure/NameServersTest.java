package io.camure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names whose addresses change while Java keeps the earlier ones. */
class NameServersTest {

    private static final List<String> CLUSTER = List.of(
            "# as in a pod",
            "nameserver 10.96.0.10",
            "search shop.svc.cluster.local svc.cluster.local",
            "options timeout:1 ndots:5");

    private DnsResponder dns;

    @BeforeEach
    void begin() throws Exception {
        dns = new DnsResponder();
    }

    @AfterEach
    void end() {
        dns.close();
    }

    private static InetAddress address(String literal) throws UnknownHostException {
        return InetAddress.getByName(literal);
    }

    private NameServers servers(List<String> lines) {
        return NameServers.of(HostsFile.NONE, dns.url(), lines);
    }

    @Test
    void allAddressesOfBothVersionsAreFound() throws Exception {
        dns.put("gate.example", address("10.0.0.1"), address("fd00::1"), address("10.0.0.2"));

        assertThat(servers(List.of()).addressesOf("gate.example"))
                .containsExactlyInAnyOrder(address("10.0.0.1"), address("fd00::1"), address("10.0.0.2"))
                .allSatisfy(found -> assertThat(found.getHostName()).isEqualTo("gate.example"));
    }

    @Test
    void aShortNameIsLookedUpInTheDomainsOfTheMachine() throws Exception {
        dns.put("gate.svc.cluster.local", address("10.0.0.1"));

        assertThat(servers(CLUSTER).addressesOf("gate")).containsExactly(address("10.0.0.1"));
        assertThat(dns.asked().stream().distinct())
                .containsExactly("gate.shop.svc.cluster.local", "gate.svc.cluster.local");
    }

    @Test
    void anAbsoluteNameIsLookedUpAsItIs() throws Exception {
        dns.put("gate.example", address("10.0.0.1"));

        assertThat(servers(CLUSTER).addressesOf("gate.example.")).containsExactly(address("10.0.0.1"));
        assertThat(dns.asked()).containsOnly("gate.example");
    }

    @Test
    void whatIsNoNameOrUnknownIsNothing() {
        assertThat(servers(CLUSTER).addressesOf("10.0.0.1")).isEmpty();
        assertThat(servers(CLUSTER).addressesOf("::1")).isEmpty();
        assertThat(servers(CLUSTER).addressesOf("localhost")).isEmpty();
        assertThat(servers(CLUSTER).addressesOf("ldap://gate/x")).isEmpty();
        assertThat(dns.asked()).isEmpty();
        assertThat(servers(CLUSTER).addressesOf("gate")).isEmpty();
    }

    @Test
    void aServerThatIsSilentIsNotWaitedForLong() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            NameServers servers = NameServers.of(HostsFile.NONE, "dns://127.0.0.1:" + silent.getLocalPort(), CLUSTER);
            long startNanos = System.nanoTime();

            assertThat(servers.addressesOf("gate")).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void aMachineWithoutSuchServersKnowsNothing() {
        assertThat(new NameServers(HostsFile.NONE, "nonsense", List.of(), 1).addressesOf("gate.example"))
                .isEmpty();
    }

    @Test
    void theSecondLookUpAlsoAsksTheServers() throws Exception {
        InetAddress earlier = InetAddress.getByAddress("gate", new byte[] {10, 0, 0, 1});
        Locators.Host host =
                new Locators.Host("gate", 7400, name -> new InetAddress[] {earlier}, () -> servers(CLUSTER));
        dns.put("gate.svc.cluster.local", address("10.0.0.2"));

        assertThat(host.candidates()).containsExactly(new InetSocketAddress("10.0.0.1", 7400));
        assertThat(dns.asked()).isEmpty();
        assertThat(host.candidates())
                .containsExactlyInAnyOrder(
                        new InetSocketAddress("10.0.0.1", 7400), new InetSocketAddress("10.0.0.2", 7400));
    }

    @Test
    void aNameThatJavaHasKeptAsUnknownIsFound() throws Exception {
        Locators.Host host = new Locators.Host(
                "gate",
                7400,
                name -> {
                    throw new UnknownHostException(name);
                },
                () -> servers(CLUSTER));
        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(UnknownHostException.class)
                    .isThrownBy(host::candidates)
                    .withMessage("the host name in gate:7400 is not known");
        }
        dns.put("gate.shop.svc.cluster.local", address("10.0.0.2"));

        assertThat(host.candidates()).containsExactly(new InetSocketAddress("10.0.0.2", 7400));
    }

    /** What the machine's own file says counts, whatever the servers say: their name may be another machine's. */
    @Test
    void aNameOfTheHostsFileIsNotAskedOfTheServers(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(
                directory.resolve("hosts"),
                String.join(
                        "\n",
                        "127.0.0.1 localhost",
                        "# 10.0.0.9 gate",
                        "10.0.0.1\tother GATE # this one",
                        "fd00::1 gate",
                        "nonsense gate",
                        ""));
        dns.put("gate.svc.cluster.local", address("10.0.0.2"));
        NameServers servers = NameServers.of(new HostsFile(file, false), dns.url(), CLUSTER);

        assertThat(servers.addressesOf("gate")).containsExactly(address("10.0.0.1"), address("fd00::1"));
        assertThat(dns.asked()).isEmpty();
        // What is changed counts at once, and a name that is gone is asked for again.
        Files.writeString(file, "10.0.0.3 gate\n");
        assertThat(servers.addressesOf("gate")).containsExactly(address("10.0.0.3"));
        Files.delete(file);
        assertThat(servers.addressesOf("gate")).containsExactly(address("10.0.0.2"));
    }

    /** As Java itself with {@code -Djdk.net.hosts.file}, which tests and sandboxes set so that no server is asked. */
    @Test
    void whereTheFileIsAloneNoServerIsAsked(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("hosts"), "10.0.0.1 gate\n");
        dns.put("other.svc.cluster.local", address("10.0.0.2"));
        NameServers servers = NameServers.of(new HostsFile(file, true), dns.url(), CLUSTER);

        assertThat(servers.addressesOf("gate")).containsExactly(address("10.0.0.1"));
        assertThat(servers.addressesOf("other")).isEmpty();
        assertThat(dns.asked()).isEmpty();
    }

    @Test
    void aMachineHasTheFileThatJavaUses() {
        String before = System.getProperty("jdk.net.hosts.file");
        try {
            System.setProperty("jdk.net.hosts.file", "some-hosts");
            assertThat(HostsFile.ofMachine()).isEqualTo(new HostsFile(Path.of("some-hosts"), true));
            System.clearProperty("jdk.net.hosts.file");
            assertThat(HostsFile.ofMachine().alone()).isFalse();
        } finally {
            if (before != null) {
                System.setProperty("jdk.net.hosts.file", before);
            } else {
                System.clearProperty("jdk.net.hosts.file");
            }
        }
    }

    /** The first look-up has found it in the file; the servers know another machine by that name. */
    @Test
    void aCoordinatorOfTheHostsFileStaysWhereItIs(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("hosts"), "10.0.0.1 gate\n");
        dns.put("gate.shop.svc.cluster.local", address("10.0.0.2"));
        Locators.Host host = new Locators.Host(
                "gate",
                7400,
                name -> new InetAddress[] {InetAddress.getByAddress(name, new byte[] {10, 0, 0, 1})},
                () -> NameServers.of(new HostsFile(file, false), dns.url(), CLUSTER));

        for (int i = 0; i < 3; i++) {
            assertThat(host.candidates()).containsExactly(new InetSocketAddress("10.0.0.1", 7400));
        }
    }
}
