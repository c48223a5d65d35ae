package io.camure.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is said of a receive buffer that the kernel made smaller. */
class ReceiveBufferTest {

    @Test
    void whatIsMissingIsToldWithTheCommandThatHelps() {
        assertThat(ReceiveBuffer.shortfall(1 << 20, 425984, true))
                .contains("has 212992 bytes", "asks for 1048576", "sysctl -w net.core.rmem_max=1048576,");
        assertThat(ReceiveBuffer.shortfall(1 << 20, 786896, false))
                .contains("has 786896 bytes")
                .doesNotContain("sysctl");
    }

    @Test
    void nothingIsSaidWhenNothingIsMissing() {
        assertThat(ReceiveBuffer.shortfall(1 << 20, 2 << 20, true)).isNull();
        assertThat(ReceiveBuffer.shortfall(1 << 20, 1 << 20, false)).isNull();
        assertThat(ReceiveBuffer.shortfall(0, 4096, true)).isNull();
    }
}
