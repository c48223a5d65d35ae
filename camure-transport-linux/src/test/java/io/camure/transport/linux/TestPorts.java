package io.camure.transport.linux;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.camure.transport.PortOptions;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Random;

/** Ports and bytes for tests. */
final class TestPorts {

    static final InetAddress LOOPBACK = address("127.0.0.1");
    static final InetAddress LOOPBACK_V6 = address("::1");

    private TestPorts() {}

    static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }

    static LinuxDatagramPort open(InetAddress address) throws IOException {
        return open(address, true);
    }

    static LinuxDatagramPort open(InetAddress address, boolean segmentation) throws IOException {
        assumeTrue(address instanceof Inet4Address || hasIpv6(), "this machine has no IPv6");
        return LinuxDatagramPort.open(new InetSocketAddress(address, 0), loopbackOptions(), segmentation);
    }

    private static boolean hasIpv6() throws IOException {
        return NetworkInterface.getByInetAddress(LOOPBACK_V6) != null;
    }

    static PortOptions loopbackOptions() throws IOException {
        return options("lo");
    }

    static PortOptions options(String networkInterface) throws IOException {
        return new PortOptions(NetworkInterface.getByName(networkInterface), 1, 1 << 20, 4 << 20);
    }

    static int freePort() throws IOException {
        try (DatagramChannel channel = DatagramChannel.open().bind(new InetSocketAddress(0))) {
            return ((InetSocketAddress) channel.getLocalAddress()).getPort();
        }
    }

    static ByteBuffer bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return ByteBuffer.allocateDirect(count).put(bytes).flip();
    }

    static byte[] array(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
