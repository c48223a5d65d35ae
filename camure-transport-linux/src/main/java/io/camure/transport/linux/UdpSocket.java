package io.camure.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.camure.transport.PortOptions;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A UDP socket that never waits, and its options. It is closed by whoever knows that nobody uses it. */
final class UdpSocket {

    private static final int IP_MREQN_BYTES = 12;
    private static final int IPV6_MREQ_BYTES = 20;
    private static final int LENGTH_OFFSET = 32;
    private static final int VALUE_BYTES = 40;

    private final MemorySegment callState = Libc.newCallState();
    private final MemorySegment value = Arena.ofAuto().allocate(VALUE_BYTES, Long.BYTES);
    private final boolean ipv6;
    private final int fd;

    private UdpSocket(boolean ipv6) throws IOException {
        this.ipv6 = ipv6;
        int result = Libc.socket(
                callState,
                ipv6 ? Libc.AF_INET6 : Libc.AF_INET,
                Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC);
        if (result < 0) {
            throw Libc.exception("opening a socket", -result);
        }
        fd = result;
    }

    /** What is sent and received as one node, without multicast for now. */
    static UdpSocket openOwn(InetSocketAddress bindAddress, PortOptions options) throws IOException {
        UdpSocket socket = open(SocketAddresses.isIpv6(bindAddress.getAddress()));
        try {
            socket.setMulticastSender(options);
            if (options.sendBufferBytes() > 0) {
                socket.require("SO_SNDBUF", Libc.SOL_SOCKET, Libc.SO_SNDBUF, options.sendBufferBytes());
            }
            socket.setReceiver(options);
            if (bindAddress.getAddress().isAnyLocalAddress()) {
                socket.tellAskedAddresses();
            }
            socket.bind(bindAddress, options);
            return socket;
        } catch (Throwable e) {
            socket.close();
            throw e;
        }
    }

    /** What receives datagrams to a multicast address. */
    static UdpSocket openGroup(InetSocketAddress multicastAddress, PortOptions options) throws IOException {
        UdpSocket socket = open(SocketAddresses.isIpv6(multicastAddress.getAddress()));
        try {
            // Other members on this host listen on the same port.
            socket.require("SO_REUSEADDR", Libc.SOL_SOCKET, Libc.SO_REUSEADDR, 1);
            socket.setReceiver(options);
            socket.bind(multicastAddress, options);
            socket.join(
                    multicastAddress.getAddress(), options.networkInterface().getIndex());
            return socket;
        } catch (Throwable e) {
            socket.close();
            throw e;
        }
    }

    static UdpSocket open(boolean ipv6) throws IOException {
        return new UdpSocket(ipv6);
    }

    /**
     * The longest packet that gets to an address in one piece, in bytes with its headers, as far as the kernel knows: by the
     * interface, the route, and what routers on the way have said.
     */
    static int mtuTowards(InetSocketAddress destination, int interfaceIndex) throws IOException {
        boolean ipv6 = SocketAddresses.isIpv6(destination.getAddress());
        UdpSocket socket = open(ipv6);
        try {
            byte[] encoded = SocketAddresses.encode(destination, interfaceIndex);
            socket.put(encoded);
            int result = Libc.connect(socket.callState, socket.fd, socket.value.address(), encoded.length);
            Reference.reachabilityFence(socket);
            if (result < 0) {
                throw Libc.exception("connecting to " + destination, -result);
            }
            int mtu = ipv6
                    ? socket.getOption(Libc.IPPROTO_IPV6, Libc.IPV6_MTU)
                    : socket.getOption(Libc.IPPROTO_IP, Libc.IP_MTU);
            if (mtu < 0) {
                throw Libc.exception("asking for the MTU towards " + destination, -mtu);
            }
            return mtu;
        } finally {
            socket.close();
        }
    }

    int fd() {
        return fd;
    }

    /** Whether the kernel can cut what is sent into datagrams; one that can't would send it in one piece. */
    boolean knowsSegmentation() {
        return getOption(Libc.SOL_UDP, Libc.UDP_SEGMENT) >= 0;
    }

    int receiveBufferBytes() throws IOException {
        return bufferBytes("SO_RCVBUF", Libc.SO_RCVBUF);
    }

    int sendBufferBytes() throws IOException {
        return bufferBytes("SO_SNDBUF", Libc.SO_SNDBUF);
    }

    private int bufferBytes(String name, int option) throws IOException {
        int bytes = getOption(Libc.SOL_SOCKET, option);
        if (bytes < 0) {
            throw Libc.exception("asking for " + name, -bytes);
        }
        return bytes;
    }

    InetSocketAddress localAddress() throws IOException {
        value.set(JAVA_INT, LENGTH_OFFSET, Libc.SOCKADDR_IN6_BYTES);
        int result = Libc.getsockname(callState, fd, value.address(), value.address() + LENGTH_OFFSET);
        Reference.reachabilityFence(this);
        if (result < 0) {
            throw Libc.exception("asking for the address of a socket", -result);
        }
        return SocketAddresses.decode(value, 0);
    }

    void close() {
        // Linux gives the descriptor back whatever it says.
        Libc.close(callState, fd);
    }

    private void setMulticastSender(PortOptions options) throws IOException {
        int index = options.networkInterface().getIndex();
        if (ipv6) {
            // As Java's own sockets do: one bound to the wildcard address is there for IPv4, too.
            require("IPV6_V6ONLY", Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, 0);
            require("IPV6_MULTICAST_IF", Libc.IPPROTO_IPV6, Libc.IPV6_MULTICAST_IF, index);
            require("IPV6_MULTICAST_HOPS", Libc.IPPROTO_IPV6, Libc.IPV6_MULTICAST_HOPS, options.multicastTtl());
        } else {
            putIpMreqn(new byte[4], index);
            require("IP_MULTICAST_IF", setStructure(Libc.IPPROTO_IP, Libc.IP_MULTICAST_IF, IP_MREQN_BYTES));
            require("IP_MULTICAST_TTL", Libc.IPPROTO_IP, Libc.IP_MULTICAST_TTL, options.multicastTtl());
        }
    }

    private void setReceiver(PortOptions options) throws IOException {
        int bytes = options.receiveBufferBytes();
        // The first one is not bound to net.core.rmem_max, and is for those with CAP_NET_ADMIN.
        if (bytes > 0 && setOption(Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, bytes) < 0) {
            require("SO_RCVBUF", Libc.SOL_SOCKET, Libc.SO_RCVBUF, bytes);
        }
        // A kernel without it cuts trains of datagrams before they get here.
        setOption(Libc.SOL_UDP, Libc.UDP_GRO, 1);
        // Nothing for groups that other sockets of this host have joined; a kernel may be older than the option.
        if (ipv6) {
            setOption(Libc.IPPROTO_IPV6, Libc.IPV6_MULTICAST_ALL, 0);
        } else {
            setOption(Libc.IPPROTO_IP, Libc.IP_MULTICAST_ALL, 0);
        }
    }

    /** What is received comes with the address of this machine to which it was sent. */
    private void tellAskedAddresses() throws IOException {
        if (ipv6) {
            require("IPV6_RECVPKTINFO", Libc.IPPROTO_IPV6, Libc.IPV6_RECVPKTINFO, 1);
        } else {
            require("IP_PKTINFO", Libc.IPPROTO_IP, Libc.IP_PKTINFO, 1);
        }
    }

    /** What is received comes with the time to live that was left; tells whether the kernel knows that. */
    boolean tellHopLimits() {
        int result = ipv6
                ? setOption(Libc.IPPROTO_IPV6, Libc.IPV6_RECVHOPLIMIT, 1)
                : setOption(Libc.IPPROTO_IP, Libc.IP_RECVTTL, 1);
        return result >= 0;
    }

    private void bind(InetSocketAddress address, PortOptions options) throws IOException {
        byte[] encoded =
                SocketAddresses.encode(address, options.networkInterface().getIndex());
        put(encoded);
        int result = Libc.bind(callState, fd, value.address(), encoded.length);
        Reference.reachabilityFence(this);
        if (result < 0) {
            throw Libc.exception("binding to " + address, -result);
        }
    }

    private void join(InetAddress group, int interfaceIndex) throws IOException {
        setMembership("ADD_MEMBERSHIP", Libc.IP_ADD_MEMBERSHIP, Libc.IPV6_ADD_MEMBERSHIP, group, interfaceIndex);
    }

    /** Leaves a group and joins it again. */
    void rejoin(InetAddress group, PortOptions options) throws IOException {
        int interfaceIndex = options.networkInterface().getIndex();
        try {
            setMembership("DROP_MEMBERSHIP", Libc.IP_DROP_MEMBERSHIP, Libc.IPV6_DROP_MEMBERSHIP, group, interfaceIndex);
        } catch (IOException e) {
            // It is not in the group: the interface was down when it last tried to join.
        }
        join(group, interfaceIndex);
    }

    private void setMembership(String name, int ipv4Option, int ipv6Option, InetAddress group, int interfaceIndex)
            throws IOException {
        if (ipv6) {
            // struct ipv6_mreq: group, interface
            put(group.getAddress());
            value.set(JAVA_INT, 16, interfaceIndex);
            require("IPV6_" + name, setStructure(Libc.IPPROTO_IPV6, ipv6Option, IPV6_MREQ_BYTES));
        } else {
            putIpMreqn(group.getAddress(), interfaceIndex);
            require("IP_" + name, setStructure(Libc.IPPROTO_IP, ipv4Option, IP_MREQN_BYTES));
        }
    }

    /** {@code struct ip_mreqn}: group, local address, interface. With an index the address in the middle is not looked at. */
    private void putIpMreqn(byte[] group, int interfaceIndex) {
        put(group);
        value.set(JAVA_INT, 4, 0);
        value.set(JAVA_INT, 8, interfaceIndex);
    }

    private void put(byte[] bytes) {
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, value, 0, bytes.length);
    }

    private void require(String name, int level, int option, int setting) throws IOException {
        require(name, setOption(level, option, setting));
    }

    private static void require(String name, int result) throws IOException {
        if (result < 0) {
            throw Libc.exception("setting " + name, -result);
        }
    }

    private int setOption(int level, int option, int setting) {
        value.set(JAVA_INT, 0, setting);
        return setStructure(level, option, Integer.BYTES);
    }

    private int setStructure(int level, int option, int bytes) {
        int result = Libc.setsockopt(callState, fd, level, option, value.address(), bytes);
        Reference.reachabilityFence(this);
        return result;
    }

    private int getOption(int level, int option) {
        value.set(JAVA_INT, LENGTH_OFFSET, Integer.BYTES);
        int result = Libc.getsockopt(callState, fd, level, option, value.address(), value.address() + LENGTH_OFFSET);
        Reference.reachabilityFence(this);
        return result < 0 ? result : value.get(JAVA_INT, 0);
    }
}
