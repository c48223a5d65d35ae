package io.camure.protocol.base;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.wire.NodeIdentity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people read of addresses and durations. */
class FormatTest {

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s",
        "PT5S, 5s",
        "PT1.5S, 1500ms",
        "PT2M, 2m",
        "PT1M30S, 90s",
        "PT3H, 3h",
        "PT0.25S, 250ms",
        "PT0.000015S, 15us",
        "PT0.000000007S, 7ns"
    })
    void durationsAreInTheLargestUnitThatLeavesThemWhole(Duration duration, String shown) {
        assertThat(Format.duration(duration.toNanos())).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"5000400000, 5s", "5003500000, 5004ms", "999999999, 999999999ns"})
    void measuredDurationsOfASecondAndMoreAreRoundedToMilliseconds(long nanos, String shown) {
        assertThat(Format.duration(nanos)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"PT0S, 0s", "PT-1S, -1s", "PT5S, 5s", "PT5.0004S, 5000400us", "PT1H0.000000001S, 3600000000001ns"})
    void settingsAreNotRounded(Duration setting, String shown) {
        assertThat(Format.setting(setting)).isEqualTo(shown);
    }

    @Test
    void nodesAreWrittenByNameAndAddress() {
        InetSocketAddress address = new InetSocketAddress("10.0.3.7", 7400);
        NodeIdentity named = new NodeIdentity("orders-7f9c", address, 1);

        assertThat(Format.node(named)).isEqualTo("orders-7f9c (10.0.3.7:7400)");
        assertThat(Format.node(NodeIdentity.at(address))).isEqualTo("10.0.3.7:7400");
    }

    @Test
    void addressesHaveNoSlash() throws UnknownHostException {
        InetAddress named = InetAddress.getByAddress("coordinator.example", new byte[] {10, 0, 3, 7});

        assertThat(Format.address(new InetSocketAddress("10.0.3.7", 7400))).isEqualTo("10.0.3.7:7400");
        assertThat(Format.address(new InetSocketAddress(named, 7400))).isEqualTo("10.0.3.7:7400");
        assertThat(Format.address(new InetSocketAddress("::1", 7400))).isEqualTo("[0:0:0:0:0:0:0:1]:7400");
        assertThat(Format.address(InetSocketAddress.createUnresolved("nowhere", 7400)))
                .isEqualTo("nowhere:7400");
    }
}
