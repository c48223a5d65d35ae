package io.camure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
        return NameServers.of(dns.url(), lines);
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
            NameServers servers = NameServers.of("dns://127.0.0.1:" + silent.getLocalPort(), CLUSTER);
            long startNanos = System.nanoTime();

            assertThat(servers.addressesOf("gate")).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void aMachineWithoutSuchServersKnowsNothing() {
        assertThat(new NameServers("nonsense", List.of(), 1).addressesOf("gate.example"))
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
}
