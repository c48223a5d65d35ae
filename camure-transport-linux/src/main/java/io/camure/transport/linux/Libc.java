package io.camure.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.BindException;
import java.net.SocketException;

/**
 * The functions of the C library that are needed, with the constants and structures of 64-bit little-endian Linux, which are
 * the same on x86-64 and aarch64.
 *
 * <p>Each function returns what it returns in C, or the negative error number. Pointers are passed as plain numbers: memory
 * segments would be checked and pinned one by one at each call. So whoever calls holds the segments, and keeps them
 * reachable until the call has returned.
 *
 * <p>None of them is linked as critical. That would save some nanoseconds of a system call's hundreds, and keep the garbage
 * collector waiting while the kernel copies up to a megabyte, or delivers on the loopback interface within a send.
 */
final class Libc {

    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_NONBLOCK = 0x800;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int EFD_NONBLOCK = SOCK_NONBLOCK;
    static final int EFD_CLOEXEC = SOCK_CLOEXEC;

    static final int SOL_SOCKET = 1;
    static final int SO_REUSEADDR = 2;
    static final int SO_SNDBUF = 7;
    static final int SO_RCVBUF = 8;
    static final int SO_RCVBUFFORCE = 33;

    static final int IPPROTO_IP = 0;
    static final int IP_TTL = 2;
    static final int IP_PKTINFO = 8;
    static final int IP_RECVTTL = 12;
    static final int IP_MTU = 14;
    static final int IP_MULTICAST_IF = 32;
    static final int IP_MULTICAST_TTL = 33;
    static final int IP_ADD_MEMBERSHIP = 35;
    static final int IP_DROP_MEMBERSHIP = 36;
    static final int IP_MULTICAST_ALL = 49;

    static final int IPPROTO_IPV6 = 41;
    static final int IPV6_MULTICAST_IF = 17;
    static final int IPV6_MULTICAST_HOPS = 18;
    static final int IPV6_ADD_MEMBERSHIP = 20;
    static final int IPV6_DROP_MEMBERSHIP = 21;
    static final int IPV6_MTU = 24;
    static final int IPV6_V6ONLY = 26;
    static final int IPV6_MULTICAST_ALL = 29;
    static final int IPV6_RECVPKTINFO = 49;
    static final int IPV6_PKTINFO = 50;
    static final int IPV6_RECVHOPLIMIT = 51;
    static final int IPV6_HOPLIMIT = 52;

    static final int SOL_UDP = 17;
    /** Kernel 4.18. */
    static final int UDP_SEGMENT = 103;
    /** Kernel 5.0. */
    static final int UDP_GRO = 104;

    static final int MSG_DONTWAIT = 0x40;
    static final int POLLIN = 1;

    static final int EINTR = 4;
    static final int EIO = 5;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int EINVAL = 22;
    static final int EMSGSIZE = 90;
    static final int ENOPROTOOPT = 92;
    static final int EOPNOTSUPP = 95;
    static final int EADDRINUSE = 98;
    static final int EADDRNOTAVAIL = 99;
    static final int ENETUNREACH = 101;

    /** {@code struct sockaddr_in}: family, port and address, the latter two in network byte order. */
    static final int SOCKADDR_IN_BYTES = 16;
    /** {@code struct sockaddr_in6}: family, port, flow label, address, scope; the last one in host byte order. */
    static final int SOCKADDR_IN6_BYTES = 28;

    static final int SOCKADDR_FAMILY = 0;
    static final int SOCKADDR_PORT = 2;
    static final int SOCKADDR_IN_ADDRESS = 4;
    static final int SOCKADDR_IN6_ADDRESS = 8;
    static final int SOCKADDR_IN6_SCOPE = 24;

    /** {@code struct iovec}. */
    static final int IOVEC_BYTES = 16;

    static final int IOVEC_BASE = 0;
    static final int IOVEC_LENGTH = 8;

    /** {@code struct mmsghdr}: a {@code struct msghdr} of 56 bytes, the bytes received or sent, padding. */
    static final int MMSGHDR_BYTES = 64;

    static final int MSGHDR_NAME = 0;
    static final int MSGHDR_NAME_LENGTH = 8;
    static final int MSGHDR_IOVEC = 16;
    static final int MSGHDR_IOVEC_COUNT = 24;
    static final int MSGHDR_CONTROL = 32;
    static final int MSGHDR_CONTROL_LENGTH = 40;
    static final int MMSGHDR_LENGTH = 56;

    /** {@code struct cmsghdr}: length with this header, level and type; data are aligned to 8 bytes. */
    static final int CMSGHDR_BYTES = 16;

    static final int CMSGHDR_LENGTH = 0;
    static final int CMSGHDR_LEVEL = 8;
    static final int CMSGHDR_TYPE = 12;
    /** A control message with up to 8 bytes of data, as those that tell the length of datagrams in a train have. */
    static final int TRAIN_CONTROL_BYTES = CMSGHDR_BYTES + 8;
    /**
     * That, one with an address of this machine: {@code struct in_pktinfo} or {@code in6_pktinfo}, and one with the time to live that
     * was left.
     */
    static final int CONTROL_BYTES = TRAIN_CONTROL_BYTES + CMSGHDR_BYTES + 24 + CMSGHDR_BYTES + 8;

    /** {@code struct pollfd}: descriptor, requested and returned events. */
    static final int POLLFD_BYTES = 8;

    static final int POLLFD_EVENTS = 4;
    static final int POLLFD_RETURNED_EVENTS = 6;

    /** {@code struct timespec}: seconds and nanoseconds. */
    static final int TIMESPEC_BYTES = 16;

    static final int TIMESPEC_NANOS = 8;

    /** Where a call leaves {@code errno}, which the virtual machine may otherwise overwrite. */
    static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();

    private static final long ERRNO_OFFSET = CALL_STATE.byteOffset(PathElement.groupElement("errno"));
    private static final int LONGEST_ERROR_TEXT_BYTES = 256;

    private static final ValueLayout.OfLong POINTER = JAVA_LONG;
    private static final ValueLayout.OfLong SIZE = JAVA_LONG;

    private static final MethodHandle SOCKET = function("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = function("bind", JAVA_INT, JAVA_INT, POINTER, JAVA_INT);
    private static final MethodHandle CONNECT = function("connect", JAVA_INT, JAVA_INT, POINTER, JAVA_INT);
    private static final MethodHandle GETSOCKNAME = function("getsockname", JAVA_INT, JAVA_INT, POINTER, POINTER);
    private static final MethodHandle SETSOCKOPT =
            function("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, POINTER, JAVA_INT);
    private static final MethodHandle GETSOCKOPT =
            function("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, POINTER, POINTER);
    private static final MethodHandle CLOSE = function("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle EVENTFD = function("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle READ = function("read", SIZE, JAVA_INT, POINTER, SIZE);
    private static final MethodHandle WRITE = function("write", SIZE, JAVA_INT, POINTER, SIZE);
    private static final MethodHandle PPOLL = function("ppoll", JAVA_INT, POINTER, JAVA_LONG, POINTER, POINTER);
    private static final MethodHandle SENDTO =
            function("sendto", SIZE, JAVA_INT, POINTER, SIZE, JAVA_INT, POINTER, JAVA_INT);
    private static final MethodHandle SENDMMSG = function("sendmmsg", JAVA_INT, JAVA_INT, POINTER, JAVA_INT, JAVA_INT);
    private static final MethodHandle RECVMMSG =
            function("recvmmsg", JAVA_INT, JAVA_INT, POINTER, JAVA_INT, JAVA_INT, POINTER);
    private static final MethodHandle STRERROR = function("strerror", POINTER, JAVA_INT);

    private Libc() {}

    /** The one place where native code is linked, which whoever starts Java has to allow. */
    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup()
                        .find(name)
                        .orElseThrow(() -> new UnsatisfiedLinkError("the C library has no " + name)),
                FunctionDescriptor.of(result, arguments),
                Linker.Option.captureCallState("errno"));
    }

    /** Where calls of one thread at a time leave their error. */
    static MemorySegment newCallState() {
        return Arena.ofAuto().allocate(CALL_STATE);
    }

    static int socket(MemorySegment callState, int domain, int type) {
        try {
            return orError((int) SOCKET.invokeExact(callState, domain, type, 0), callState);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int bind(MemorySegment callState, int fd, long address, int addressBytes) {
        try {
            return orError((int) BIND.invokeExact(callState, fd, address, addressBytes), callState);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int connect(MemorySegment callState, int fd, long address, int addressBytes) {
        try {
            return orError((int) CONNECT.invokeExact(callState, fd, address, addressBytes), callState);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int getsockname(MemorySegment callState, int fd, long address, long addressBytes) {
        try {
            return orError((int) GETSOCKNAME.invokeExact(callState, fd, address, addressBytes), callState);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int setsockopt(MemorySegment callState, int fd, int level, int option, long value, int valueBytes) {
        try {
            return orError((int) SETSOCKOPT.invokeExact(callState, fd, level, option, value, valueBytes), callState);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int getsockopt(MemorySegment callState, int fd, int level, int option, long value, long valueBytes) {
        try {
            return orError((int) GETSOCKOPT.invokeExact(callState, fd, level, option, value, valueBytes), callState);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int close(MemorySegment callState, int fd) {
        try {
            return orError((int) CLOSE.invokeExact(callState, fd), callState);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int eventfd(MemorySegment callState, int flags) {
        try {
            return orError((int) EVENTFD.invokeExact(callState, 0, flags), callState);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int read(MemorySegment callState, int fd, long buffer, long bytes) {
        try {
            return orError((int) (long) READ.invokeExact(callState, fd, buffer, bytes), callState);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int write(MemorySegment callState, int fd, long buffer, long bytes) {
        try {
            return orError((int) (long) WRITE.invokeExact(callState, fd, buffer, bytes), callState);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int ppoll(MemorySegment callState, long pollfds, int count, long timeout) {
        try {
            return orError((int) PPOLL.invokeExact(callState, pollfds, (long) count, timeout, 0L), callState);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int sendto(MemorySegment callState, int fd, long buffer, long bytes, long address, int addressBytes) {
        try {
            return orError(
                    (int) (long) SENDTO.invokeExact(callState, fd, buffer, bytes, 0, address, addressBytes), callState);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int sendmmsg(MemorySegment callState, int fd, long messages, int count) {
        try {
            return orError((int) SENDMMSG.invokeExact(callState, fd, messages, count, 0), callState);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int recvmmsg(MemorySegment callState, int fd, long messages, int count) {
        try {
            return orError((int) RECVMMSG.invokeExact(callState, fd, messages, count, MSG_DONTWAIT, 0L), callState);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** An error number in words. */
    @SuppressWarnings("restricted")
    static String describe(int errno) {
        try {
            long text = (long) STRERROR.invokeExact(newCallState(), errno);
            return MemorySegment.ofAddress(text)
                            .reinterpret(LONGEST_ERROR_TEXT_BYTES)
                            .getString(0)
                    + " (errno " + errno + ")";
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** The exception that Java's own channels have for an error. */
    static IOException exception(String what, int errno) {
        String message = what + " failed: " + describe(errno);
        return switch (errno) {
            case EADDRINUSE, EADDRNOTAVAIL, EACCES -> new BindException(message);
            default -> new SocketException(message);
        };
    }

    private static int orError(int result, MemorySegment callState) {
        return result < 0 ? -callState.get(JAVA_INT, ERRNO_OFFSET) : result;
    }

    /** The handles' types are exact and no call back into Java throws, so this is an error such as a stack overflow. */
    private static Error unexpected(Throwable e) {
        return e instanceof Error error ? error : new AssertionError(e);
    }
}
