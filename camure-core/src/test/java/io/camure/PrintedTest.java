package io.camure;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How messages write durations and addresses. */
class PrintedTest {

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0ms",
        "PT0.0009S, 0ms",
        "PT0.25S, 250ms",
        "PT5S, 5s",
        "PT1.75S, 1.7s",
        "PT1M, 1m",
        "PT1M30.4S, 1m30s",
        "PT2H, 2h0m",
        "PT25H1S, 25h0m1s"
    })
    void durationsAreShort(Duration duration, String text) {
        assertThat(Printed.duration(duration)).isEqualTo(text);
    }

    @Test
    void addressesHaveNoSlash() throws Exception {
        InetAddress named = InetAddress.getByAddress("coordinator", new byte[] {10, 0, 0, 1});
        assertThat(Printed.address(new InetSocketAddress(named, 7400))).isEqualTo("10.0.0.1:7400");
        assertThat(Printed.address(new InetSocketAddress(InetAddress.getByName("fe80::1"), 7400)))
                .isEqualTo("[fe80:0:0:0:0:0:0:1]:7400");
        assertThat(Printed.address(InetSocketAddress.createUnresolved("coordinator", 7400)))
                .isEqualTo("coordinator:7400");
    }
}
