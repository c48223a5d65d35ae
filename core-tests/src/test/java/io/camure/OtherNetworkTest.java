package io.camure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.camure.test.support.Loopback;
import io.camure.transport.DatagramPort;
import io.camure.transport.NioDatagramPort;
import io.camure.transport.PortOptions;
import io.camure.transport.PortProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes that are attached to another network than this machine's. */
class OtherNetworkTest {

    /** An address that this machine does not have, by which the other network knows it. */
    private static final InetSocketAddress ELSEWHERE = new InetSocketAddress("198.51.100.1", 7400);

    @RegisterExtension
    final Loopback loopback = new Loopback();

    /** Loopback under another address, and with an interface that this machine does not have. */
    private static class Elsewhere implements PortProvider {

        @Override
        public String name() {
            return "elsewhere";
        }

        @Override
        public String refusal() {
            return null;
        }

        @Override
        public InetAddress localAddressTowards(InetSocketAddress destination) {
            return ELSEWHERE.getAddress();
        }

        @Override
        public NetworkInterface networkInterface(String wanted, InetAddress localAddress) throws IOException {
            assertThat(wanted).isEqualTo("moon0");
            assertThat(localAddress).isEqualTo(ELSEWHERE.getAddress());
            return NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
        }

        @Override
        public void checkMulticastRoute(
                InetSocketAddress bindAddress, InetSocketAddress multicastAddress, NetworkInterface networkInterface)
                throws IOException {}

        @Override
        public DatagramPort open(InetSocketAddress bindAddress, PortOptions options) throws IOException {
            assertThat(bindAddress.getAddress()).isEqualTo(ELSEWHERE.getAddress());
            return NioDatagramPort.open(Loopback.anyPort(), options);
        }
    }

    @Test
    void answersForThisMachines() throws Exception {
        CoordinatorConfig.Builder settings = CoordinatorConfig.builder()
                .network(new Elsewhere())
                .networkInterface("moon0")
                .transport(Transport.LINUX);
        Coordinator coordinator =
                loopback.closeLater(Coordinator.start(ELSEWHERE, Loopback.multicast(), settings.build()));
        Member member = loopback.member(
                coordinator, MemberConfig.builder().network(new Elsewhere()).networkInterface("moon0"));
        assertThat(coordinator.transport()).isEqualTo("elsewhere");
        assertThat(member.transport()).isEqualTo("elsewhere");

        CoordinatorBarrier barrier =
                coordinator.createBarrier(Loopback.GROUP.toBuilder().id(0).build());
        Loopback.round(barrier, List.of(member.joinBarrier(0, Loopback.LONG)));
    }

    /** Its loopback interface is none of its own. */
    @Test
    void ofAllItsAddressesTheOneWithTheDefaultRouteTellsTheInterface() throws Exception {
        InetAddress wildcard = InetAddress.getByAddress(new byte[4]);
        Coordinator coordinator = loopback.closeLater(Coordinator.start(
                new InetSocketAddress(wildcard, 0),
                CoordinatorConfig.builder()
                        .delivery(DeliveryMode.UNICAST)
                        .network(new Elsewhere() {
                            @Override
                            public NetworkInterface networkInterface(String wanted, InetAddress localAddress)
                                    throws IOException {
                                assertThat(wanted).isNull();
                                return super.networkInterface("moon0", localAddress);
                            }

                            @Override
                            public int mtuBytes(NetworkInterface networkInterface) {
                                return 1450;
                            }

                            @Override
                            public DatagramPort open(InetSocketAddress bindAddress, PortOptions options)
                                    throws IOException {
                                return NioDatagramPort.open(bindAddress, options);
                            }
                        })
                        .build()));

        assertThat(coordinator.address().getAddress()).isEqualTo(wildcard);
    }

    @Test
    void saysItselfWhatItHasNoWayFor() {
        CoordinatorConfig config = CoordinatorConfig.builder()
                .networkInterface("moon0")
                .network(new Elsewhere() {
                    @Override
                    public void checkMulticastRoute(
                            InetSocketAddress bindAddress,
                            InetSocketAddress multicastAddress,
                            NetworkInterface networkInterface)
                            throws IOException {
                        throw new IOException("no multicast on the moon");
                    }
                })
                .build();

        assertThatExceptionOfType(SessionStartException.class)
                .isThrownBy(() -> Coordinator.start(ELSEWHERE, Loopback.multicast(), config))
                .withMessageContaining("no multicast on the moon");
    }
}
