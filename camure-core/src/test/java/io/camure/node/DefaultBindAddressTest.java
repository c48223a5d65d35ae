package io.camure.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.camure.transport.DatagramPort;
import io.camure.transport.PortOptions;
import io.camure.transport.PortProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a coordinator is reached when nobody has said it. */
class DefaultBindAddressTest {

    /** A machine with these addresses on its way to elsewhere, by the beginning of where that is. */
    private record Machine(Map<String, String> routes) implements PortProvider {

        @Override
        public String name() {
            return "machine";
        }

        @Override
        public String refusal() {
            return null;
        }

        @Override
        public InetAddress localAddressTowards(InetSocketAddress destination) throws IOException {
            for (Map.Entry<String, String> route : routes.entrySet()) {
                if (destination.getAddress().getHostAddress().startsWith(route.getKey())) {
                    return InetAddress.getByName(route.getValue());
                }
            }
            throw new IOException("no route");
        }

        @Override
        public DatagramPort open(InetSocketAddress bindAddress, PortOptions options) throws IOException {
            throw new IOException("there is no network");
        }
    }

    private static DefaultBindAddress choose(Map<String, String> routes, String pod) throws IOException {
        return DefaultBindAddress.choose(new Machine(routes), variable -> variable.equals("POD_IP") ? pod : null);
    }

    @Test
    void thePodsAddressComesFirst() throws IOException {
        DefaultBindAddress chosen = choose(Map.of("192.", "10.0.0.1"), " 10.244.3.7 ");

        assertThat(chosen.address()).isEqualTo(new InetSocketAddress("10.244.3.7", 7400));
        assertThat(chosen.why()).isEqualTo("as POD_IP says");
        assertThat(chosen.warning()).isNull();
        assertThat(choose(Map.of(), "fd00::3:7").address()).isEqualTo(new InetSocketAddress("fd00::3:7", 7400));
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders-0", "10.0.0.7/24", "http://10.0.0.7"})
    void aPodsAddressThatIsNoneIsRefused(String pod) {
        assertThatIOException()
                .isThrownBy(() -> choose(Map.of(), pod))
                .withMessageContaining("POD_IP")
                .withMessageContaining(pod);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void thenTheOneWithTheDefaultRoute(String pod) throws IOException {
        assertThat(choose(Map.of("192.", "10.0.0.1", "2001:", "fd00::1"), pod))
                .isEqualTo(new DefaultBindAddress(
                        new InetSocketAddress("10.0.0.1", 7400), "the address with the default route", null));
        assertThat(choose(Map.of("2001:", "fd00::1"), pod).address()).isEqualTo(new InetSocketAddress("fd00::1", 7400));
        assertThat(choose(Map.of("192.", "0.0.0.0", "2001:", "fd00::1"), pod).address())
                .isEqualTo(new InetSocketAddress("fd00::1", 7400));
    }

    @Test
    void thenLoopbackWithAWarning() throws IOException {
        DefaultBindAddress chosen = choose(Map.of("192.", "127.0.0.1"), null);

        assertThat(chosen.address().getAddress().isLoopbackAddress()).isTrue();
        assertThat(chosen.address().getPort()).isEqualTo(7400);
        assertThat(chosen.warning()).contains("only nodes on this machine", "camure.coordinator.bind-address");
    }
}
