package io.camure.transport.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class SourceAddressesTest {

    private final MemorySegment memory = Arena.ofAuto().allocate(32, 8);
    private final SourceAddresses sources = new SourceAddresses();

    @Test
    void givesTheSameObjectForTheSameAddress() throws UnknownHostException {
        for (String ip : new String[] {"10.1.2.3", "10.1.2.4", "255.255.255.255", "fd00::1", "fd00::2"}) {
            for (int port : new int[] {1, 7400, 65_535}) {
                InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(ip), port);
                assertThat(get(address)).isEqualTo(address).isSameAs(get(address));
            }
        }
        assertThat(sources.size()).isEqualTo(15);
    }

    @Test
    void distinguishesInterfaces() throws UnknownHostException {
        byte[] ip = InetAddress.getByName("fe80::1").getAddress();
        for (int scope = 1; scope <= 3; scope++) {
            InetSocketAddress address = new InetSocketAddress(Inet6Address.getByAddress(null, ip, scope), 7400);
            assertThat(((Inet6Address) get(address).getAddress()).getScopeId()).isEqualTo(scope);
        }
        assertThat(sources.size()).isEqualTo(3);
    }

    @Test
    void knowsNoMoreThanItsBound() throws UnknownHostException {
        for (int i = 0; i < 2 * SourceAddresses.MAXIMUM_SOURCES; i++) {
            byte[] ip = {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
            InetSocketAddress address = new InetSocketAddress(InetAddress.getByAddress(ip), 7400);
            assertThat(get(address)).isEqualTo(address);
            assertThat(sources.size()).isBetween(1, SourceAddresses.MAXIMUM_SOURCES);
        }
    }

    private InetSocketAddress get(InetSocketAddress address) {
        byte[] encoded = SocketAddresses.encode(address, 0);
        MemorySegment.copy(encoded, 0, memory, ValueLayout.JAVA_BYTE, 0, encoded.length);
        return sources.get(memory, 0);
    }
}
