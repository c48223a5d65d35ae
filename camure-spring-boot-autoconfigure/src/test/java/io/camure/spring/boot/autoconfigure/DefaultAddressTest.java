package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Coordinator;
import io.camure.transport.DatagramPort;
import io.camure.transport.PortOptions;
import io.camure.transport.PortProvider;
import io.camure.transport.PortProviders;
import io.camure.wire.AddressList;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.Extension;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A coordinator whose addresses nobody has written. */
class DefaultAddressTest {

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    /** Loopback, in which this machine has the address 10.0.3.7. */
    private static final class Elsewhere implements PortProvider {

        private final AtomicReference<InetSocketAddress> bound = new AtomicReference<>();

        @Override
        public String name() {
            return "elsewhere";
        }

        @Override
        public @Nullable String refusal() {
            return null;
        }

        @Override
        public InetAddress localAddressTowards(InetSocketAddress destination) throws IOException {
            return InetAddress.getByName("10.0.3.7");
        }

        @Override
        public NetworkInterface networkInterface(@Nullable String wanted, InetAddress localAddress) throws IOException {
            return NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
        }

        @Override
        public void checkMulticastRoute(
                InetSocketAddress bindAddress, InetSocketAddress multicastAddress, NetworkInterface networkInterface) {
            // There always is one.
        }

        @Override
        public DatagramPort open(InetSocketAddress bindAddress, PortOptions options) throws IOException {
            bound.set(bindAddress);
            return PortProviders.nio().open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), options);
        }
    }

    private static ApplicationContextRunner coordinator(Elsewhere network) {
        return TestSession.application()
                .withBean(CoordinatorConfigCustomizer.class, () -> (session, builder) -> builder.network(network))
                .withPropertyValues("camure.role=coordinator");
    }

    @Test
    void theRoleIsEnough() {
        Elsewhere network = new Elsewhere();
        coordinator(network).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(network.bound).hasValue(new InetSocketAddress("10.0.3.7", 7400));
            assertThat(context.getBean(Coordinator.class).multicastAddress().getHostString())
                    .startsWith("239.255.");
        });
    }

    @Test
    void eachAddressMayBeGivenAlone() {
        Elsewhere network = new Elsewhere();
        coordinator(network)
                .withPropertyValues("camure.coordinator.multicast-address=239.255.74.0:7401")
                .run(context -> {
                    assertThat(network.bound).hasValue(new InetSocketAddress("10.0.3.7", 7400));
                    assertThat(context.getBean(Coordinator.class).multicastAddress())
                            .isEqualTo(new InetSocketAddress("239.255.74.0", 7401));
                });
        coordinator(network)
                .withPropertyValues("camure.coordinator.bind-address=127.0.0.1:7500")
                .run(context -> {
                    assertThat(network.bound).hasValue(new InetSocketAddress("127.0.0.1", 7500));
                    assertThat(context.getBean(Coordinator.class)
                                    .multicastAddress()
                                    .getPort())
                            .isBetween(16384, 32767);
                });
    }

    @Test
    void membersAreToldTheAddressThatIsAdvertised() {
        coordinator(new Elsewhere())
                .withPropertyValues(
                        "camure.coordinator.advertised-address=203.0.113.7:0", "camure.coordinator.accept-legacy=true")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    Coordinator coordinator = context.getBean(Coordinator.class);
                    assertThat(groupSources(coordinator.address()))
                            .first()
                            .isEqualTo(new InetSocketAddress(
                                    "203.0.113.7", coordinator.address().getPort()));
                });
    }

    /** What a coordinator says in its welcome of where group traffic comes from. */
    private static List<InetSocketAddress> groupSources(InetSocketAddress coordinator) throws IOException {
        ByteBuffer join = ByteBuffer.allocate(200);
        ChunkWriter.session(join, ChunkType.SESSION_JOIN);
        Extension.offer(0, 64, 1 << 20, 1).write(join);
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            socket.send(new DatagramPacket(join.array(), join.position(), coordinator));
            socket.setSoTimeout(30_000);
            DatagramPacket answer = new DatagramPacket(new byte[1000], 1000);
            socket.receive(answer);
            ChunkReader welcome = new ChunkReader();
            assertThat(welcome.read(ByteBuffer.wrap(answer.getData(), 0, answer.getLength())))
                    .isNull();
            return AddressList.of(welcome);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0:7400, the address of one host",
        "nowhere, it must be host:port",
        "'[2001:db8::1]:7400', both must be IPv4"
    })
    void anAddressThatCanNotBeAdvertisedIsRefused(String address, String reason) {
        coordinator(new Elsewhere())
                .withPropertyValues("camure.coordinator.advertised-address=" + address)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("advertised")
                        .satisfies(failure -> assertThat(
                                        failure instanceof InvalidConfigurationPropertyValueException invalid
                                                ? invalid.getReason()
                                                : failure.getMessage())
                                .contains(reason)));
    }
}
