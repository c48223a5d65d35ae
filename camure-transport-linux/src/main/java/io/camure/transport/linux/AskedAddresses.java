package io.camure.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * To which of this machine's addresses each node has sent last: where datagrams to it are to come from. Kept for a socket that
 * is bound to a wildcard, for which the kernel would otherwise choose one by the route. One thread may note while another reads.
 * Nothing is made for a datagram to a known address.
 */
final class AskedAddresses {

    private static final int MAXIMUM_NODES = 32768;

    /** {@code struct in_pktinfo}: interface, local address, destination; and {@code in6_pktinfo}: destination, interface. */
    private static final int IN_PKTINFO_BYTES = 12;

    private static final int IN_PKTINFO_ADDRESS = 4;
    private static final int IN6_PKTINFO_BYTES = 20;
    private static final int IN6_PKTINFO_INTERFACE = 16;

    /** The first ten bits of a link-local address, of which an interface must be told, too, and which the kernel finds itself. */
    private static final long LINK_LOCAL = 0xFE80L << 48;

    private static final long LINK_LOCAL_MASK = 0xFFC0L << 48;

    private final Map<InetSocketAddress, Address> byNode = new ConcurrentHashMap<>();
    private final boolean ipv6;

    /** @param high of IPv6, the first eight bytes; of IPv4 nothing, and {@code low} all */
    private record Address(long high, long low) {}

    AskedAddresses(boolean ipv6) {
        this.ipv6 = ipv6;
    }

    /** Whether a control message says so. */
    boolean isTold(int level, int type) {
        return ipv6
                ? level == Libc.IPPROTO_IPV6 && type == Libc.IPV6_PKTINFO
                : level == Libc.IPPROTO_IP && type == Libc.IP_PKTINFO;
    }

    /** @param data where that control message has its data */
    void note(InetSocketAddress node, MemorySegment controls, long data) {
        long high = ipv6 ? controls.get(SocketAddresses.NETWORK_LONG, data) : 0;
        long low = ipv6
                ? controls.get(SocketAddresses.NETWORK_LONG, data + Long.BYTES)
                : controls.get(SocketAddresses.NETWORK_INT, data + IN_PKTINFO_ADDRESS);
        if ((high & LINK_LOCAL_MASK) == LINK_LOCAL) {
            return;
        }
        Address known = byNode.get(node);
        if (known == null || known.high != high || known.low != low) {
            if (byNode.size() >= MAXIMUM_NODES) {
                byNode.clear();
            }
            byNode.put(node, new Address(high, low));
        }
    }

    /** Forgets all: one of them is not an address of this machine any more. */
    void clear() {
        byNode.clear();
    }

    /**
     * Writes the control message for datagrams to a node.
     *
     * @return its bytes, or 0 when the kernel is to choose
     */
    int write(InetSocketAddress node, MemorySegment controls, long control) {
        Address address = byNode.get(node);
        if (address == null) {
            return 0;
        }
        long data = control + Libc.CMSGHDR_BYTES;
        int bytes = ipv6 ? IN6_PKTINFO_BYTES : IN_PKTINFO_BYTES;
        controls.set(JAVA_LONG, control + Libc.CMSGHDR_LENGTH, Libc.CMSGHDR_BYTES + bytes);
        controls.set(JAVA_INT, control + Libc.CMSGHDR_LEVEL, ipv6 ? Libc.IPPROTO_IPV6 : Libc.IPPROTO_IP);
        controls.set(JAVA_INT, control + Libc.CMSGHDR_TYPE, ipv6 ? Libc.IPV6_PKTINFO : Libc.IP_PKTINFO);
        if (ipv6) {
            controls.set(SocketAddresses.NETWORK_LONG, data, address.high);
            controls.set(SocketAddresses.NETWORK_LONG, data + Long.BYTES, address.low);
            controls.set(JAVA_INT, data + IN6_PKTINFO_INTERFACE, 0);
        } else {
            controls.set(JAVA_INT, data, 0);
            controls.set(SocketAddresses.NETWORK_INT, data + IN_PKTINFO_ADDRESS, (int) address.low);
            controls.set(JAVA_INT, data + 2 * IN_PKTINFO_ADDRESS, 0);
        }
        return Libc.CMSGHDR_BYTES + (bytes + Long.BYTES - 1 & -Long.BYTES);
    }
}
