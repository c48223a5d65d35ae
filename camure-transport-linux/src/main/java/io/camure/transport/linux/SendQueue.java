package io.camure.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.camure.transport.SendFailure;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages that leave by one call of sendmmsg, in the order in which they came. Each is a datagram, or a train of them of
 * equal length that the kernel or the network card cuts.
 */
final class SendQueue {

    private static final int MESSAGES = 64;

    /** UDP_MAX_SEGMENTS of kernels up to 6.8; later ones take twice as many. */
    private static final int MAXIMUM_TRAIN_DATAGRAMS = 64;

    /** A train is a UDP datagram before it is cut: 65535 bytes without the headers of UDP and IPv6. */
    private static final int MAXIMUM_TRAIN_BYTES = 65535 - 40 - 8;

    /** So much is sent at once; to collect more saves nothing worth mentioning, and receivers would have to wait. */
    private static final int WORTH_A_CALL_BYTES = 65536;

    private static final int NAME_BYTES = 32;

    private static final Logger log = LoggerFactory.getLogger(SendQueue.class);

    private final InetSocketAddress localAddress;
    private final Segmentation segmentation;
    private final int fd;
    private final Descriptors descriptors;
    private final DestinationAddresses destinationAddresses;
    private final @Nullable AskedAddresses askedAddresses;
    private final BufferAddresses bufferAddresses = new BufferAddresses();

    private final MemorySegment callState = Libc.newCallState();
    private final MemorySegment headers = Arena.ofAuto().allocate(MESSAGES * Libc.MMSGHDR_BYTES, Long.BYTES);
    private final MemorySegment vectors = Arena.ofAuto().allocate(MESSAGES * Libc.IOVEC_BYTES, Long.BYTES);
    private final MemorySegment names = Arena.ofAuto().allocate(MESSAGES * NAME_BYTES, Long.BYTES);
    private final MemorySegment controls = Arena.ofAuto().allocate(MESSAGES * Libc.CONTROL_BYTES, Long.BYTES);

    /** Kept reachable, because the kernel gets their addresses. */
    private final @Nullable ByteBuffer[] buffers = new ByteBuffer[MESSAGES];

    private final int[] datagramLengths = new int[MESSAGES];

    /** Of the control messages that say from which address of this machine they are to leave; 0 for none. */
    private final int[] sourceLengths = new int[MESSAGES];

    private int messages;
    private int queuedBytes;
    private long datagramsSent;
    private long sendFailures;
    private final SendFailure sendFailure;

    /** @param askedAddresses from where to send to each node; {@code null} when there is only one address */
    SendQueue(
            InetSocketAddress localAddress,
            int fd,
            Descriptors descriptors,
            @Nullable AskedAddresses askedAddresses,
            int interfaceIndex,
            Segmentation segmentation) {
        this.askedAddresses = askedAddresses;
        this.localAddress = localAddress;
        sendFailure = new SendFailure(localAddress);
        this.fd = fd;
        this.descriptors = descriptors;
        this.segmentation = segmentation;
        destinationAddresses = new DestinationAddresses(interfaceIndex);
        for (int i = 0; i < MESSAGES; i++) {
            long control = (long) i * Libc.CONTROL_BYTES;
            controls.set(JAVA_LONG, control + Libc.CMSGHDR_LENGTH, Libc.CMSGHDR_BYTES + Short.BYTES);
            controls.set(JAVA_INT, control + Libc.CMSGHDR_LEVEL, Libc.SOL_UDP);
            controls.set(JAVA_INT, control + Libc.CMSGHDR_TYPE, Libc.UDP_SEGMENT);
            long header = (long) i * Libc.MMSGHDR_BYTES;
            headers.set(JAVA_LONG, header + Libc.MSGHDR_NAME, names.address() + (long) i * NAME_BYTES);
            headers.set(JAVA_LONG, header + Libc.MSGHDR_IOVEC, vectors.address() + (long) i * Libc.IOVEC_BYTES);
            headers.set(JAVA_LONG, header + Libc.MSGHDR_IOVEC_COUNT, 1);
            headers.set(JAVA_LONG, header + Libc.MSGHDR_CONTROL, controls.address() + control);
        }
    }

    long datagramsSent() {
        return datagramsSent;
    }

    @Nullable
    String sendFailure() {
        return sendFailure.reason();
    }

    long sendFailures() {
        return sendFailures;
    }

    /** Takes the bytes between the position and the limit, as datagrams of a length that only the last may fall short of. */
    void add(ByteBuffer buffer, int datagramBytes, InetSocketAddress destination) {
        int remaining = buffer.remaining();
        if (datagramBytes <= 0 && remaining > 0) {
            throw new IllegalArgumentException("datagrams of " + datagramBytes + " bytes");
        }
        int length = Math.min(datagramBytes, remaining);
        byte[] name = destinationAddresses.get(destination);
        if (name == null) {
            sendFailures += datagrams(remaining, length);
            log.debug("sending from {} to {} failed: the name is not resolved", localAddress, destination);
            return;
        }
        long address = bufferAddresses.get(buffer) + buffer.position();
        int offset = 0;
        do {
            // Asked anew each time, as the kernel may have refused the train before.
            int messageBytes = Math.min(segmentation.takes(length) ? trainBytes(length) : length, remaining - offset);
            put(buffer, address + offset, messageBytes, length, name, destination);
            offset += messageBytes;
        } while (offset < remaining);
    }

    /** How many bytes of datagrams of a length go into one train. */
    private static int trainBytes(int length) {
        return length == 0 ? 0 : Math.max(1, Math.min(MAXIMUM_TRAIN_DATAGRAMS, MAXIMUM_TRAIN_BYTES / length)) * length;
    }

    private static int datagrams(int bytes, int datagramLength) {
        return bytes <= datagramLength ? 1 : (bytes + datagramLength - 1) / datagramLength;
    }

    private void put(
            ByteBuffer buffer,
            long address,
            int bytes,
            int datagramLength,
            byte[] name,
            InetSocketAddress destination) {
        long header = (long) messages * Libc.MMSGHDR_BYTES;
        MemorySegment.copy(name, 0, names, ValueLayout.JAVA_BYTE, (long) messages * NAME_BYTES, name.length);
        headers.set(JAVA_INT, header + Libc.MSGHDR_NAME_LENGTH, name.length);
        boolean train = bytes > datagramLength;
        long control = (long) messages * Libc.CONTROL_BYTES;
        if (train) {
            controls.set(JAVA_SHORT, control + Libc.CMSGHDR_BYTES, (short) datagramLength);
        }
        if (askedAddresses != null) {
            sourceLengths[messages] = askedAddresses.write(destination, controls, control + Libc.TRAIN_CONTROL_BYTES);
        }
        setControls(messages, train);
        long vector = (long) messages * Libc.IOVEC_BYTES;
        vectors.set(JAVA_LONG, vector + Libc.IOVEC_BASE, address);
        vectors.set(JAVA_LONG, vector + Libc.IOVEC_LENGTH, bytes);
        buffers[messages] = buffer;
        datagramLengths[messages] = datagramLength;
        messages++;
        queuedBytes += bytes;
        if (messages == MESSAGES || queuedBytes >= WORTH_A_CALL_BYTES) {
            flush();
        }
    }

    /** That of a train comes first, and is left out otherwise. */
    private void setControls(int message, boolean train) {
        long header = (long) message * Libc.MMSGHDR_BYTES;
        int trainBytes = train ? Libc.TRAIN_CONTROL_BYTES : 0;
        headers.set(JAVA_LONG, header + Libc.MSGHDR_CONTROL_LENGTH, trainBytes + sourceLengths[message]);
        if (askedAddresses != null) {
            long control = controls.address() + (long) message * Libc.CONTROL_BYTES;
            headers.set(JAVA_LONG, header + Libc.MSGHDR_CONTROL, train ? control : control + Libc.TRAIN_CONTROL_BYTES);
        }
    }

    void flush() {
        if (messages == 0) {
            return;
        }
        if (descriptors.enter()) {
            try {
                sendAll();
            } finally {
                descriptors.leave();
                clear();
            }
        } else {
            for (int i = 0; i < messages; i++) {
                sendFailures += datagramsOf(i);
            }
            clear();
        }
    }

    private void clear() {
        Arrays.fill(buffers, 0, messages, null);
        messages = 0;
        queuedBytes = 0;
    }

    private void sendAll() {
        int next = 0;
        while (next < messages) {
            int sent = messages - next == 1 && !isTrain(next) && sourceLengths[next] == 0
                    ? sendTo(next, addressOf(next), bytesOf(next))
                    : Libc.sendmmsg(
                            callState, fd, headers.address() + (long) next * Libc.MMSGHDR_BYTES, messages - next);
            if (sent > 0) {
                for (int end = next + sent; next < end; next++) {
                    datagramsSent += datagramsOf(next);
                }
                sendFailure.onTaken();
            } else if (sent != -Libc.EINTR) {
                if (!sendsWithoutSource(next, -sent)) {
                    onDropped(next, -sent);
                    next++;
                }
            }
        }
        Reference.reachabilityFence(this);
    }

    /** Has the kernel choose from where to send, since it refuses to send from an address that this machine may have lost. */
    private boolean sendsWithoutSource(int message, int errno) {
        if (askedAddresses == null || sourceLengths[message] == 0 || !isRefusalOfSources(errno)) {
            return false;
        }
        askedAddresses.clear();
        sourceLengths[message] = 0;
        setControls(message, isTrain(message));
        return true;
    }

    /** What kernels answer for IPv6 and for IPv4. */
    private static boolean isRefusalOfSources(int errno) {
        return errno == Libc.EINVAL || errno == Libc.ENETUNREACH;
    }

    private void onDropped(int message, int errno) {
        if (!isTrain(message) || !Segmentation.isRefusal(errno)) {
            onFailed(datagramsOf(message), errno);
        } else if (sendOneByOne(message)) {
            segmentation.onRefused(
                    datagramLengths[message], SocketAddresses.decode(names, (long) message * NAME_BYTES), errno);
        }
    }

    /** @return whether any was taken, so that it was the train that was refused, and not what is in it */
    private boolean sendOneByOne(int message) {
        boolean taken = false;
        int bytes = bytesOf(message);
        int datagramLength = datagramLengths[message];
        long address = addressOf(message);
        for (int offset = 0; offset < bytes; offset += datagramLength) {
            int result;
            do {
                result = sendTo(message, address + offset, Math.min(datagramLength, bytes - offset));
            } while (result == -Libc.EINTR);
            if (result > 0) {
                taken = true;
                datagramsSent++;
                sendFailure.onTaken();
            } else {
                onFailed(1, -result);
            }
        }
        return taken;
    }

    /** @return 1, as from sendmmsg, or the negative error number */
    private int sendTo(int message, long address, int bytes) {
        int nameBytes = headers.get(JAVA_INT, (long) message * Libc.MMSGHDR_BYTES + Libc.MSGHDR_NAME_LENGTH);
        int result =
                Libc.sendto(callState, fd, address, bytes, names.address() + (long) message * NAME_BYTES, nameBytes);
        return result < 0 ? result : 1;
    }

    private void onFailed(int datagrams, int errno) {
        sendFailures += datagrams;
        if (errno != Libc.EAGAIN) {
            sendFailure.onFailed(Libc.describe(errno));
        }
    }

    private boolean isTrain(int message) {
        return bytesOf(message) > datagramLengths[message];
    }

    private int datagramsOf(int message) {
        return datagrams(bytesOf(message), datagramLengths[message]);
    }

    private long addressOf(int message) {
        return vectors.get(JAVA_LONG, (long) message * Libc.IOVEC_BYTES + Libc.IOVEC_BASE);
    }

    private int bytesOf(int message) {
        return (int) vectors.get(JAVA_LONG, (long) message * Libc.IOVEC_BYTES + Libc.IOVEC_LENGTH);
    }
}
