package io.camure.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.camure.transport.DatagramHandler;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Messages of one call of recvmmsg. Each is a datagram, or a train of them that nobody has cut on its way. */
final class ReceiveBatch {

    private static final int MESSAGES = 16;

    /** More than the largest datagram, and the largest train, has. */
    private static final int MESSAGE_BYTES = 65536;

    private static final int NAME_BYTES = 32;

    private final MemorySegment callState = Libc.newCallState();
    private final MemorySegment headers = Arena.ofAuto().allocate(MESSAGES * Libc.MMSGHDR_BYTES, Long.BYTES);
    private final MemorySegment vectors = Arena.ofAuto().allocate(MESSAGES * Libc.IOVEC_BYTES, Long.BYTES);
    private final MemorySegment names = Arena.ofAuto().allocate(MESSAGES * NAME_BYTES, Long.BYTES);
    private final MemorySegment controls = Arena.ofAuto().allocate(MESSAGES * Libc.CONTROL_BYTES, Long.BYTES);
    private final MemorySegment contents = Arena.ofAuto().allocate(MESSAGES * MESSAGE_BYTES);
    private final ByteBuffer datagram = contents.asByteBuffer();
    private final SourceAddresses sourceAddresses = new SourceAddresses();
    private final @Nullable InetSocketAddress[] sources = new InetSocketAddress[MESSAGES];
    private final int[] lengths = new int[MESSAGES];
    private final int[] datagramLengths = new int[MESSAGES];
    private final int[] hopLimits = new int[MESSAGES];
    private int hopLimit = -1;
    private int messages;
    private int lastMessages;
    private int datagrams;

    private final @Nullable AskedAddresses askedAddresses;

    /** @param askedAddresses where to note to which address a datagram was sent; {@code null} when there is only one */
    ReceiveBatch(@Nullable AskedAddresses askedAddresses) {
        this.askedAddresses = askedAddresses;
        for (int i = 0; i < MESSAGES; i++) {
            long vector = (long) i * Libc.IOVEC_BYTES;
            vectors.set(JAVA_LONG, vector + Libc.IOVEC_BASE, contents.address() + (long) i * MESSAGE_BYTES);
            vectors.set(JAVA_LONG, vector + Libc.IOVEC_LENGTH, MESSAGE_BYTES);
            long header = (long) i * Libc.MMSGHDR_BYTES;
            headers.set(JAVA_LONG, header + Libc.MSGHDR_NAME, names.address() + (long) i * NAME_BYTES);
            headers.set(JAVA_LONG, header + Libc.MSGHDR_IOVEC, vectors.address() + vector);
            headers.set(JAVA_LONG, header + Libc.MSGHDR_IOVEC_COUNT, 1);
            headers.set(JAVA_LONG, header + Libc.MSGHDR_CONTROL, controls.address() + (long) i * Libc.CONTROL_BYTES);
            prepare(i);
        }
    }

    /** Sets what the kernel overwrites with what it has filled in. */
    private void prepare(int message) {
        long header = (long) message * Libc.MMSGHDR_BYTES;
        headers.set(JAVA_INT, header + Libc.MSGHDR_NAME_LENGTH, NAME_BYTES);
        headers.set(JAVA_LONG, header + Libc.MSGHDR_CONTROL_LENGTH, Libc.CONTROL_BYTES);
    }

    /** How many datagrams there are. */
    int datagrams() {
        return datagrams;
    }

    void clear() {
        messages = 0;
        datagrams = 0;
    }

    /**
     * Takes what a socket has.
     *
     * @return whether that is anything
     */
    boolean receiveFrom(int fd) throws IOException {
        // One, while messages come one by one: the kernel looks for as many as it is asked for.
        int limit = Math.min(2 * lastMessages + 1, MESSAGES);
        int received;
        do {
            received = Libc.recvmmsg(callState, fd, headers.address(), limit);
        } while (received == -Libc.EINTR);
        Reference.reachabilityFence(this);
        if (received < 0) {
            if (received == -Libc.EAGAIN) {
                return false;
            }
            throw Libc.exception("receiving", -received);
        }
        for (int i = 0; i < received; i++) {
            take(i);
        }
        messages = received;
        lastMessages = received;
        return true;
    }

    private void take(int message) {
        long header = (long) message * Libc.MMSGHDR_BYTES;
        int length = headers.get(JAVA_INT, header + Libc.MMSGHDR_LENGTH);
        InetSocketAddress source = sourceAddresses.get(names, (long) message * NAME_BYTES);
        sources[message] = source;
        lengths[message] = length;
        datagramLengths[message] = length;
        hopLimits[message] = -1;
        int controlLength = (int) headers.get(JAVA_LONG, header + Libc.MSGHDR_CONTROL_LENGTH);
        if (controlLength > Libc.CMSGHDR_BYTES) {
            takeControls(message, source, controlLength);
        }
        int datagramLength = datagramLengths[message];
        datagrams += datagramLength == length ? 1 : (length + datagramLength - 1) / datagramLength;
        prepare(message);
    }

    /** What the kernel tells beside the datagrams. */
    private void takeControls(int message, InetSocketAddress source, int controlLength) {
        long control = (long) message * Libc.CONTROL_BYTES;
        long end = control + controlLength;
        while (end - control > Libc.CMSGHDR_BYTES) {
            long bytes = controls.get(JAVA_LONG, control + Libc.CMSGHDR_LENGTH);
            if (bytes <= Libc.CMSGHDR_BYTES) {
                return;
            }
            int level = controls.get(JAVA_INT, control + Libc.CMSGHDR_LEVEL);
            int type = controls.get(JAVA_INT, control + Libc.CMSGHDR_TYPE);
            if (level == Libc.SOL_UDP && type == Libc.UDP_GRO) {
                takeDatagramLength(message, controls.get(JAVA_INT, control + Libc.CMSGHDR_BYTES));
            } else if (askedAddresses != null && askedAddresses.isTold(level, type)) {
                askedAddresses.note(source, controls, control + Libc.CMSGHDR_BYTES);
            } else if (isHopLimit(level, type)) {
                hopLimits[message] = controls.get(JAVA_INT, control + Libc.CMSGHDR_BYTES);
            }
            control += bytes + Long.BYTES - 1 & -Long.BYTES;
        }
    }

    private static boolean isHopLimit(int level, int type) {
        return level == Libc.IPPROTO_IP && type == Libc.IP_TTL
                || level == Libc.IPPROTO_IPV6 && type == Libc.IPV6_HOPLIMIT;
    }

    /** The time to live that was left to the datagram that is being handed over, or -1. */
    int hopLimit() {
        return hopLimit;
    }

    /** How long each datagram of a train is but the last one. */
    private void takeDatagramLength(int message, int datagramLength) {
        if (datagramLength > 0 && datagramLength < lengths[message]) {
            datagramLengths[message] = datagramLength;
        }
    }

    void handOver(DatagramHandler handler) {
        for (int i = 0; i < messages; i++) {
            InetSocketAddress source = sources[i];
            if (source != null) {
                handOver(source, i, handler);
            }
        }
    }

    private void handOver(InetSocketAddress source, int message, DatagramHandler handler) {
        int start = message * MESSAGE_BYTES;
        int end = start + lengths[message];
        int datagramLength = datagramLengths[message];
        hopLimit = hopLimits[message];
        do {
            int next = Math.min(start + datagramLength, end);
            handler.onDatagram(source, datagram.limit(next).position(start));
            start = next;
        } while (start < end);
    }
}
