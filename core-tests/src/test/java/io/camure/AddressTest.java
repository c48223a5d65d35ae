package io.camure;

import static io.camure.test.support.Loopback.anyPort;
import static io.camure.test.support.Loopback.multicast;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.camure.test.support.Loopback;
import io.camure.transport.DatagramPort;
import io.camure.transport.PortOptions;
import io.camure.transport.PortProviders;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On which addresses and network interfaces a session starts, and what is said when it does not. */
class AddressTest {

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private static void assertDropped(InetSocketAddress bind, InetSocketAddress multicast, String... messageParts) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Coordinator.start(bind, multicast))
                .satisfies(e -> assertThat(e.getMessage()).contains(messageParts));
    }

    @Test
    void aMulticastAddressThatIsNoneIsRefused() {
        assertDropped(anyPort(), new InetSocketAddress("127.0.0.1", 7411), "127.0.0.1:7411", "224.0.0.0/4", "ff00::/8");
    }

    @Test
    void aMulticastAddressWithoutAPortIsRefused() {
        assertDropped(anyPort(), new InetSocketAddress("239.255.74.0", 0), "239.255.74.0:0", "1…65535");
    }

    @Test
    void anUnresolvedAddressIsRefused() {
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("no-such-host.invalid", 7411);

        assertDropped(unresolved, multicast(), "bind address", "no-such-host.invalid", "resolved");
        assertDropped(anyPort(), unresolved, "multicast address", "no-such-host.invalid");
        assertThatExceptionOfType(SessionStartException.class)
                .isThrownBy(() -> Member.join(unresolved))
                .withMessageContaining("no-such-host.invalid")
                .withMessageContaining("resolved");
    }

    @Test
    void addressesOfDifferentFamiliesAreRefused() throws Exception {
        assertDropped(anyPort(), new InetSocketAddress("ff05::4a00", 7411), "both must be IPv4, or both IPv6");
        assertDropped(
                new InetSocketAddress(InetAddress.getByName("::1"), 0), multicast(), "both must be IPv4, or both IPv6");
    }

    @Test
    void portZeroTakesAFreePortThatCanBeReadBack() {
        Coordinator first = loopback.coordinator();
        Coordinator second = loopback.coordinator();

        assertThat(first.address().getAddress()).isEqualTo(InetAddress.getLoopbackAddress());
        assertThat(first.address().getPort())
                .isPositive()
                .isNotEqualTo(second.address().getPort());
        assertThat(first.multicastAddress()).isEqualTo(multicast());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff01::4a", "ff02::4a", "ff05::4a"})
    void groupTrafficOfEachScopeOfIpv6CanBeReceived(String group) throws Exception {
        InetAddress local = InetAddress.getByName("::1");
        NetworkInterface networkInterface = NetworkInterface.getByInetAddress(local);
        assumeTrue(networkInterface != null, "no IPv6 on loopback");
        PortOptions options = new PortOptions(networkInterface, 0, 1 << 16, 1 << 16);
        try (DatagramPort port = PortProviders.nio().open(new InetSocketAddress(local, 0), options)) {
            port.joinMulticast(new InetSocketAddress(group, 7411));
        }
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        try (DatagramSocket taken = new DatagramSocket(anyPort())) {
            InetSocketAddress address = (InetSocketAddress) taken.getLocalSocketAddress();
            assertThatExceptionOfType(SessionStartException.class)
                    .isThrownBy(() -> Coordinator.start(address, multicast()))
                    .withMessageContaining("127.0.0.1:" + address.getPort())
                    .withMessageContaining("taken");
        }
    }

    @Test
    void anAddressThatIsNotOfThisMachineIsNamed() {
        assertThatExceptionOfType(SessionStartException.class)
                .isThrownBy(() -> Coordinator.start(new InetSocketAddress("198.51.100.7", 0), multicast()))
                .withMessageContaining("198.51.100.7")
                .withMessageContaining("127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.0/8", "127.0.0.1/32", "BY NAME"})
    void aNetworkInterfaceIsFoundByNameAddressAndNetwork(String wanted) throws Exception {
        String name = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress())
                .getName();
        String networkInterface = wanted.equals("BY NAME") ? name : wanted;
        Coordinator coordinator =
                loopback.coordinator(CoordinatorConfig.builder().networkInterface(networkInterface));
        Member member = loopback.member(coordinator, MemberConfig.builder().networkInterface(networkInterface));

        assertThat(coordinator.networkInterface()).isEqualTo(name);
        CoordinatorBarrier barrier = coordinator.createBarrier(Loopback.GROUP);
        assertThat(Loopback.round(barrier, List.of(member.joinBarrier(barrier.id())))
                        .size())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-interface", "198.51.100.7", "198.51.100.0/24"})
    void anUnknownNetworkInterfaceIsRefusedWithThoseThatThereAre(String unknown) {
        assertThatExceptionOfType(SessionStartException.class)
                .isThrownBy(
                        () -> loopback.coordinator(CoordinatorConfig.builder().networkInterface(unknown)))
                .withMessageContaining('"' + unknown + '"')
                .withMessageContaining("127.0.0.1");
        Coordinator coordinator = loopback.coordinator();
        assertThatExceptionOfType(SessionStartException.class)
                .isThrownBy(() ->
                        loopback.member(coordinator, MemberConfig.builder().networkInterface(unknown)))
                .withMessageContaining('"' + unknown + '"')
                .withMessageContaining("127.0.0.1");
    }

    @Test
    void aNetworkWithAnImpossiblePrefixIsRefused() {
        assertThatExceptionOfType(SessionStartException.class)
                .isThrownBy(
                        () -> loopback.coordinator(CoordinatorConfig.builder().networkInterface("127.0.0.0/33")))
                .withMessageContaining("127.0.0.0/33")
                .withMessageContaining("0…32");
    }

    @Test
    void aCoordinatorOnTheWildcardAddressIsReachedByTheInterfaceThatWasChosen() throws Exception {
        Coordinator coordinator = loopback.closeLater(Coordinator.start(
                new InetSocketAddress("0.0.0.0", 0),
                multicast(),
                CoordinatorConfig.builder().networkInterface("127.0.0.1").build()));
        Member member = loopback.closeLater(Member.join(
                new InetSocketAddress("127.0.0.1", coordinator.address().getPort())));

        CoordinatorBarrier barrier = coordinator.createBarrier(Loopback.GROUP);
        assertThat(Loopback.round(barrier, List.of(member.joinBarrier(barrier.id())))
                        .size())
                .isEqualTo(2);
    }

    @Test
    void whereIpv6MulticastHasNoRouteOnLoopbackItIsSaidWhatToUse() throws Exception {
        InetAddress ipv6Loopback = InetAddress.getByName("::1");
        assumeTrue(System.getProperty("os.name").equals("Linux"), "other kernels have a route");
        assumeTrue(NetworkInterface.getByInetAddress(ipv6Loopback) != null, "this machine has no IPv6");

        assertThatExceptionOfType(SessionStartException.class)
                .isThrownBy(() -> Coordinator.start(
                        new InetSocketAddress(ipv6Loopback, 0), new InetSocketAddress("ff05::4a00", 7411)))
                .withMessageContaining("ff05:")
                .withMessageContaining("127.0.0.1");
    }
}
