package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Coordinator;
import io.camure.transport.DatagramPort;
import io.camure.transport.PortOptions;
import io.camure.transport.PortProvider;
import io.camure.transport.PortProviders;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
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
}
