package io.camure.benchmarks;

import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;

/** A blocking IPv4 UDP socket by the system calls of 64-bit Linux, which sends and receives many datagrams in one call. */
final class LinuxSocket {

    /** What one call can send: the kernel's limit is a datagram's. */
    static final int MOST_BYTES = 65_507;

    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM = 2;
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int SO_SNDBUF = 7;
    private static final int SO_RCVBUF = 8;
    private static final int IPPROTO_IP = 0;
    private static final int IP_MULTICAST_IF = 32;
    private static final int IP_ADD_MEMBERSHIP = 35;
    private static final int SOL_UDP = 17;
    private static final int UDP_SEGMENT = 103;
    private static final int UDP_GRO = 104;

    private static final InetAddress ANY = InetAddress.ofLiteral("0.0.0.0");

    private static final int ADDRESS_BYTES = 16;
    private static final int CONTROL_BYTES = 64;

    // struct msghdr
    private static final int HEADER_BYTES = 56;
    private static final int NAME = 0;
    private static final int NAME_LENGTH = 8;
    private static final int VECTOR = 16;
    private static final int VECTOR_LENGTH = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;

    // struct cmsghdr, and what follows it
    private static final int CONTROL_LEVEL = 8;
    private static final int CONTROL_TYPE = 12;
    private static final int CONTROL_DATA = 16;
    private static final int SEGMENT_CONTROL_LENGTH = CONTROL_DATA + Short.BYTES;
    private static final int SEGMENT_CONTROL_SPACE = 24;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT;
    private static final ValueLayout.OfShort NETWORK_SHORT = SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;

    private static final MethodHandle SOCKET = function("socket", INT, INT, INT, INT);
    private static final MethodHandle BIND = function("bind", INT, INT, POINTER, INT);
    private static final MethodHandle SETSOCKOPT = function("setsockopt", INT, INT, INT, INT, POINTER, INT);
    private static final MethodHandle SENDMSG = function("sendmsg", LONG, INT, POINTER, INT);
    private static final MethodHandle RECVMSG = function("recvmsg", LONG, INT, POINTER, INT);

    private final int descriptor;
    private final MemorySegment data;
    private final MemorySegment header;
    private final MemorySegment vector;
    private final MemorySegment control;

    /** Opens a socket. It stays open until the process ends, as does its memory. */
    LinuxSocket(InetSocketAddress address) throws IOException {
        Arena arena = Arena.global();
        data = arena.allocate(MOST_BYTES, Long.BYTES);
        header = arena.allocate(HEADER_BYTES, Long.BYTES);
        vector = arena.allocate(2 * Long.BYTES, Long.BYTES);
        control = arena.allocate(CONTROL_BYTES, Long.BYTES);
        vector.set(POINTER, 0, data);
        header.set(POINTER, VECTOR, vector);
        header.set(LONG, VECTOR_LENGTH, 1);
        header.set(POINTER, CONTROL, control);

        descriptor = (int) call("socket", SOCKET, AF_INET, SOCK_DGRAM, 0);
        setOption(SOL_SOCKET, SO_REUSEADDR, 1);
        setOption(SOL_SOCKET, SO_SNDBUF, BareContender.SOCKET_BUFFER);
        setOption(SOL_SOCKET, SO_RCVBUF, BareContender.SOCKET_BUFFER);
        call("bind", BIND, descriptor, socketAddress(address), ADDRESS_BYTES);
    }

    /** Where {@link #send} takes from and {@link #receive} puts to. */
    MemorySegment data() {
        return data;
    }

    void sendTo(InetSocketAddress destination) {
        header.set(POINTER, NAME, socketAddress(destination));
        header.set(INT, NAME_LENGTH, ADDRESS_BYTES);
    }

    void sendMulticastBy(InetAddress address) throws IOException {
        setOption(IPPROTO_IP, IP_MULTICAST_IF, membership(ANY, address));
    }

    void join(InetAddress group, InetAddress address) throws IOException {
        setOption(IPPROTO_IP, IP_ADD_MEMBERSHIP, membership(group, address));
    }

    void receiveManyAtOnce() throws IOException {
        setOption(SOL_UDP, UDP_GRO, 1);
    }

    /** Sends so many bytes as datagrams of one size, of which the last one may be shorter. */
    void send(int length, int datagram) throws IOException {
        vector.set(LONG, Long.BYTES, length);
        if (length > datagram) {
            control.set(LONG, 0, SEGMENT_CONTROL_LENGTH);
            control.set(INT, CONTROL_LEVEL, SOL_UDP);
            control.set(INT, CONTROL_TYPE, UDP_SEGMENT);
            control.set(SHORT, CONTROL_DATA, (short) datagram);
            header.set(LONG, CONTROL_LENGTH, SEGMENT_CONTROL_SPACE);
        } else {
            header.set(LONG, CONTROL_LENGTH, 0);
        }
        long sent;
        try {
            sent = (long) SENDMSG.invokeExact(descriptor, header, 0);
        } catch (Throwable e) {
            throw new IOException("sendmsg", e);
        }
        if (sent != length) {
            throw new IOException("sendmsg has sent " + sent + " of " + length + " bytes");
        }
    }

    /** Waits for datagrams, and gives back how many bytes they have together; see {@link #received}. */
    int receive() throws IOException {
        vector.set(LONG, Long.BYTES, MOST_BYTES);
        header.set(LONG, CONTROL_LENGTH, CONTROL_BYTES);
        long length;
        try {
            length = (long) RECVMSG.invokeExact(descriptor, header, 0);
        } catch (Throwable e) {
            throw new IOException("recvmsg", e);
        }
        if (length < 0) {
            throw new IOException("recvmsg has failed");
        }
        return (int) length;
    }

    /** The size of the datagrams that were received last, of which the last one may be shorter. */
    int received(int length) {
        boolean many = header.get(LONG, CONTROL_LENGTH) > CONTROL_DATA
                && control.get(INT, CONTROL_LEVEL) == SOL_UDP
                && control.get(INT, CONTROL_TYPE) == UDP_GRO;
        return many ? control.get(INT, CONTROL_DATA) : length;
    }

    private void setOption(int level, int option, int value) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            setOption(level, option, arena.allocateFrom(INT, value));
        }
    }

    private void setOption(int level, int option, MemorySegment value) throws IOException {
        call("setsockopt", SETSOCKOPT, descriptor, level, option, value, (int) value.byteSize());
    }

    /** A struct sockaddr_in. */
    private static MemorySegment socketAddress(InetSocketAddress address) {
        MemorySegment segment = Arena.global().allocate(ADDRESS_BYTES, Long.BYTES);
        segment.set(SHORT, 0, (short) AF_INET);
        segment.set(NETWORK_SHORT, Short.BYTES, (short) address.getPort());
        put(address.getAddress(), segment, Integer.BYTES);
        return segment;
    }

    /** A struct ip_mreq. */
    private static MemorySegment membership(InetAddress group, InetAddress address) {
        MemorySegment segment = Arena.global().allocate(2 * Integer.BYTES, Long.BYTES);
        put(group, segment, 0);
        put(address, segment, Integer.BYTES);
        return segment;
    }

    private static void put(InetAddress address, MemorySegment segment, int offset) {
        MemorySegment.copy(address.getAddress(), 0, segment, ValueLayout.JAVA_BYTE, offset, Integer.BYTES);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, ValueLayout result, ValueLayout... parameters) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().find(name).orElseThrow(), FunctionDescriptor.of(result, parameters));
    }

    private static long call(String name, MethodHandle function, Object... arguments) throws IOException {
        long result;
        try {
            result = ((Number) function.invokeWithArguments(arguments)).longValue();
        } catch (Throwable e) {
            throw new IOException(name, e);
        }
        if (result < 0) {
            throw new IOException(name + " has failed");
        }
        return result;
    }
}
