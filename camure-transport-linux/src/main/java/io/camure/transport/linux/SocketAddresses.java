package io.camure.transport.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** {@code struct sockaddr_in} and {@code sockaddr_in6}. */
final class SocketAddresses {

    static final ValueLayout.OfShort HOST_SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfShort NETWORK_SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    static final ValueLayout.OfInt HOST_INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt NETWORK_INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);
    static final ValueLayout.OfLong NETWORK_LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN);

    private SocketAddresses() {}

    static boolean isIpv6(InetAddress address) {
        return address instanceof Inet6Address;
    }

    /**
     * The structure for an address.
     *
     * @param interfaceIndex for IPv6 addresses that mean something only together with an interface and don't name one
     */
    static byte[] encode(InetSocketAddress address, int interfaceIndex) {
        InetAddress ip = address.getAddress();
        boolean ipv6 = isIpv6(ip);
        ByteBuffer encoded = ByteBuffer.allocate(ipv6 ? Libc.SOCKADDR_IN6_BYTES : Libc.SOCKADDR_IN_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(Libc.SOCKADDR_FAMILY, (short) (ipv6 ? Libc.AF_INET6 : Libc.AF_INET))
                .order(ByteOrder.BIG_ENDIAN)
                .putShort(Libc.SOCKADDR_PORT, (short) address.getPort())
                .put(ipv6 ? Libc.SOCKADDR_IN6_ADDRESS : Libc.SOCKADDR_IN_ADDRESS, ip.getAddress());
        if (ipv6) {
            encoded.order(ByteOrder.LITTLE_ENDIAN).putInt(Libc.SOCKADDR_IN6_SCOPE, scopeOf(ip, interfaceIndex));
        }
        return encoded.array();
    }

    private static int scopeOf(InetAddress ip, int interfaceIndex) {
        int scope = scopeOf(ip);
        boolean needsScope = ip.isLinkLocalAddress() || ip.isMCLinkLocal() || ip.isMCNodeLocal();
        return scope == 0 && needsScope ? interfaceIndex : scope;
    }

    /** The index of the interface that an IPv6 address names, or 0. */
    static int scopeOf(InetAddress ip) {
        return ip instanceof Inet6Address ipv6 ? ipv6.getScopeId() : 0;
    }

    /** The address in a structure that the kernel has filled. */
    static InetSocketAddress decode(MemorySegment memory, long offset) {
        boolean ipv6 = memory.get(HOST_SHORT, offset + Libc.SOCKADDR_FAMILY) == Libc.AF_INET6;
        byte[] ip = new byte[ipv6 ? 16 : 4];
        long ipOffset = offset + (ipv6 ? Libc.SOCKADDR_IN6_ADDRESS : Libc.SOCKADDR_IN_ADDRESS);
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, ipOffset, ip, 0, ip.length);
        int port = Short.toUnsignedInt(memory.get(NETWORK_SHORT, offset + Libc.SOCKADDR_PORT));
        int scope = ipv6 ? memory.get(HOST_INT, offset + Libc.SOCKADDR_IN6_SCOPE) : 0;
        try {
            // Not for every IPv6 address, because an IPv4 address in IPv6 clothes becomes one of IPv4 here.
            return new InetSocketAddress(
                    scope != 0 ? Inet6Address.getByAddress(null, ip, scope) : InetAddress.getByAddress(ip), port);
        } catch (UnknownHostException e) {
            throw new AssertionError("the length of an address is right", e);
        }
    }
}
