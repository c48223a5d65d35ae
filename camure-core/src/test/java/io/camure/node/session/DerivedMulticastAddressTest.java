package io.camure.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where group traffic goes when nobody has said it. */
class DerivedMulticastAddressTest {

    private static InetSocketAddress of(String sessionName, int port) {
        return DerivedMulticastAddress.of(sessionName, new InetSocketAddress("10.0.3.7", port));
    }

    /** Coordinators of all versions and on all machines must choose the same, so that nobody notices an update. */
    @ParameterizedTest
    @CsvSource({
        "'', 7400, 239.255.9.127, 26088, ff15::897f:25e8",
        "orders, 7400, 239.255.10.142, 20484, ff15::8a8e:9004",
        "Größe, 7400, 239.255.206.197, 17622, ff15::cec5:c4d6"
    })
    void itIsTheSameForEver(String name, int port, String ipv4, int groupPort, String ipv6) {
        assertThat(of(name, port)).isEqualTo(new InetSocketAddress(ipv4, groupPort));
        assertThat(DerivedMulticastAddress.of(name, new InetSocketAddress("fd00::7", port)))
                .isEqualTo(new InetSocketAddress(ipv6, groupPort));
    }

    @Test
    void sessionsThatDifferInNameOrPortKeepApart() {
        Set<InetSocketAddress> all = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            for (int port = 7400; port < 7450; port++) {
                InetSocketAddress derived = of("session-" + i, port);
                assertThat(all.add(derived)).as("%s", derived).isTrue();
                assertThat(derived.getAddress().isMCSiteLocal()).isTrue();
                assertThat(derived.getPort()).isBetween(16384, 32767);
            }
        }
    }
}
