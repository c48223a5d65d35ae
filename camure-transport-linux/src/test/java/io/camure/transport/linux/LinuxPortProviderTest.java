package io.camure.transport.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.transport.DatagramPort;
import io.camure.transport.PortProvider;
import io.camure.transport.PortProviders;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class LinuxPortProviderTest {

    @Test
    @EnabledOnOs(OS.LINUX)
    void isFoundAndPreferred() throws IOException {
        PortProvider provider = PortProviders.fastest();
        assertThat(provider).isInstanceOf(LinuxPortProvider.class);
        assertThat(provider.name()).isEqualTo("linux");
        assertThat(provider.refusal()).isNull();
        try (DatagramPort port =
                provider.open(new InetSocketAddress(TestPorts.LOOPBACK, 0), TestPorts.loopbackOptions())) {
            assertThat(port).isInstanceOf(LinuxDatagramPort.class);
        }
    }

    @Test
    void saysWhatItNeeds() {
        ByteOrder little = ByteOrder.LITTLE_ENDIAN;
        assertThat(LinuxPortProvider.refusal(22, "Linux", "amd64", little)).isNull();
        assertThat(LinuxPortProvider.refusal(25, "Linux", "aarch64", little)).isNull();
        assertThat(LinuxPortProvider.refusal(21, "Linux", "amd64", little))
                .isEqualTo("needs Java 22 or later, this is 21");
        assertThat(LinuxPortProvider.refusal(25, "Mac OS X", "aarch64", little))
                .isEqualTo("needs Linux, this is Mac OS X");
        assertThat(LinuxPortProvider.refusal(25, "Linux", "s390x", ByteOrder.BIG_ENDIAN))
                .isEqualTo("architecture s390x is not supported");
    }
}
