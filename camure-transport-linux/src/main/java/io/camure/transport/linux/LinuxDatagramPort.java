package io.camure.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.camure.transport.DatagramHandler;
import io.camure.transport.DatagramPort;
import io.camure.transport.PortOptions;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A port on the system calls of Linux: one socket for everything of its own, at a member a second one for group traffic. */
final class LinuxDatagramPort implements DatagramPort {

    /** The socket that delivered last is polled alone, but for one time in so many. */
    private static final int POLLS_OF_ALL = 8;

    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final PortOptions options;
    private final UdpSocket socket;
    private final WakeUp wakeUp;
    private final InterruptibleWait interruptible;
    private final Descriptors descriptors = new Descriptors();
    private final InetSocketAddress localAddress;
    private final int receiveBufferBytes;
    private final Segmentation segmentation;
    private final SendQueue sendQueue;
    private final ReceiveBatch batch;
    private final MemorySegment callState = Libc.newCallState();
    private final MemorySegment polled = Arena.ofAuto().allocate(3 * Libc.POLLFD_BYTES, Long.BYTES);
    private final MemorySegment timeout = Arena.ofAuto().allocate(Libc.TIMESPEC_BYTES, Long.BYTES);
    private boolean groupFirst;
    private boolean groupDelivered;
    private int polls;

    /** Opened by the thread that has the lock of the session while another may be receiving. */
    private volatile @Nullable UdpSocket groupSocket;

    private @Nullable InetAddress groupAddress;

    private LinuxDatagramPort(PortOptions options, UdpSocket socket, WakeUp wakeUp, boolean segmentation)
            throws IOException {
        this.options = options;
        this.socket = socket;
        this.wakeUp = wakeUp;
        interruptible = new InterruptibleWait(this::wakeUp);
        localAddress = socket.localAddress();
        receiveBufferBytes = socket.receiveBufferBytes();
        this.segmentation =
                new Segmentation(localAddress, options.networkInterface(), segmentation && socket.knowsSegmentation());
        InetAddress local = localAddress.getAddress();
        AskedAddresses askedAddresses =
                local.isAnyLocalAddress() ? new AskedAddresses(SocketAddresses.isIpv6(local)) : null;
        batch = new ReceiveBatch(askedAddresses);
        sendQueue = new SendQueue(
                localAddress,
                socket.fd(),
                descriptors,
                askedAddresses,
                options.networkInterface().getIndex(),
                this.segmentation);
    }

    /** Binds a port. */
    static LinuxDatagramPort open(InetSocketAddress bindAddress, PortOptions options) throws IOException {
        return open(bindAddress, options, true);
    }

    /** @param segmentation whether to try it */
    static LinuxDatagramPort open(InetSocketAddress bindAddress, PortOptions options, boolean segmentation)
            throws IOException {
        WakeUp wakeUp = new WakeUp();
        UdpSocket socket = null;
        try {
            socket = UdpSocket.openOwn(bindAddress, options);
            return new LinuxDatagramPort(options, socket, wakeUp, segmentation);
        } catch (Throwable e) {
            // An error, too: there may be no memory for buffers.
            if (socket != null) {
                socket.close();
            }
            wakeUp.close();
            throw e;
        }
    }

    @Override
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public int receiveBufferBytes() {
        return receiveBufferBytes;
    }

    @Override
    public int sendBufferBytes() throws IOException {
        enter();
        try {
            return socket.sendBufferBytes();
        } finally {
            descriptors.leave();
        }
    }

    @Override
    public boolean noteHopLimits() throws IOException {
        enter();
        try {
            return socket.tellHopLimits();
        } finally {
            descriptors.leave();
        }
    }

    @Override
    public int hopLimit() {
        return batch.hopLimit();
    }

    /** Whether datagrams of such a length are still cut by the kernel or the network card. */
    boolean segments(int datagramBytes) {
        return segmentation.takes(datagramBytes);
    }

    @Override
    public void joinMulticast(InetSocketAddress multicastAddress) throws IOException {
        enter();
        try {
            if (groupSocket != null) {
                throw new IllegalStateException("a port listens to one multicast address");
            }
            groupAddress = multicastAddress.getAddress();
            groupSocket = UdpSocket.openGroup(multicastAddress, options);
            // Whoever waits now waits for the new socket, too.
            wakeUp.signal();
        } finally {
            descriptors.leave();
        }
    }

    @Override
    public void renewMulticast() throws IOException {
        enter();
        try {
            UdpSocket group = groupSocket;
            InetAddress address = groupAddress;
            if (group != null && address != null) {
                group.rejoin(address, options);
            }
        } finally {
            descriptors.leave();
        }
    }

    @Override
    public int receive() throws IOException {
        batch.clear();
        enter();
        try {
            UdpSocket group = groupSocket;
            if (group == null) {
                batch.receiveFrom(socket.fd());
            } else {
                receiveFromEither(group);
            }
        } finally {
            descriptors.leave();
        }
        return batch.datagrams();
    }

    @Override
    public int poll() throws IOException {
        UdpSocket group = groupSocket;
        if (group == null || ++polls % POLLS_OF_ALL == 0) {
            return receive();
        }
        batch.clear();
        enter();
        try {
            batch.receiveFrom(groupDelivered ? group.fd() : socket.fd());
        } finally {
            descriptors.leave();
        }
        return batch.datagrams();
    }

    /** From one of the two: with something to hand over there is no time for a look at the other, whose turn is next. */
    private void receiveFromEither(UdpSocket group) throws IOException {
        if (batch.receiveFrom(groupFirst ? group.fd() : socket.fd())) {
            groupDelivered = groupFirst;
            groupFirst = !groupFirst;
        } else if (batch.receiveFrom(groupFirst ? socket.fd() : group.fd())) {
            groupDelivered = !groupFirst;
        }
    }

    @Override
    public void handOver(DatagramHandler handler) {
        batch.handOver(handler);
    }

    @Override
    public void send(ByteBuffer datagrams, int datagramBytes, InetSocketAddress destination) {
        sendQueue.add(datagrams, datagramBytes, destination);
    }

    @Override
    public void flush() {
        sendQueue.flush();
    }

    @Override
    public long datagramsSent() {
        return sendQueue.datagramsSent();
    }

    @Override
    public long sendFailures() {
        return sendQueue.sendFailures();
    }

    @Override
    public @Nullable String sendFailure() {
        return sendQueue.sendFailure();
    }

    @Override
    public void awaitDatagram(long timeoutNanos) throws IOException {
        enter();
        try {
            interruptible.enter();
            try {
                // A signal that a thread has left that was interrupted behind its wait ends a wait early, which is
                // harmless.
                if (!Thread.currentThread().isInterrupted() && !descriptors.isClosed()) {
                    poll(Math.max(0, timeoutNanos));
                }
            } finally {
                interruptible.leave();
            }
        } finally {
            descriptors.leave();
        }
    }

    /** Waits until there is something to receive, or somebody has woken up who waits. */
    private void poll(long waitNanos) throws IOException {
        UdpSocket group = groupSocket;
        listen(0, wakeUp.fd());
        listen(1, socket.fd());
        if (group != null) {
            listen(2, group.fd());
        }
        timeout.set(JAVA_LONG, 0, waitNanos / NANOS_PER_SECOND);
        timeout.set(JAVA_LONG, Libc.TIMESPEC_NANOS, waitNanos % NANOS_PER_SECOND);
        int ready = Libc.ppoll(callState, polled.address(), group == null ? 2 : 3, timeout.address());
        Reference.reachabilityFence(this);
        if (ready < 0 && ready != -Libc.EINTR) {
            throw Libc.exception("waiting for a datagram", -ready);
        }
        if (ready > 0) {
            if (isReady(0)) {
                wakeUp.reset();
            }
            groupFirst = group != null && isReady(2) && (groupFirst || !isReady(1));
        }
    }

    private void listen(int index, int fd) {
        polled.set(JAVA_INT, (long) index * Libc.POLLFD_BYTES, fd);
        polled.set(JAVA_SHORT, (long) index * Libc.POLLFD_BYTES + Libc.POLLFD_EVENTS, (short) Libc.POLLIN);
    }

    private boolean isReady(int index) {
        return polled.get(JAVA_SHORT, (long) index * Libc.POLLFD_BYTES + Libc.POLLFD_RETURNED_EVENTS) != 0;
    }

    @Override
    public void wakeUp() {
        if (descriptors.enter()) {
            try {
                wakeUp.signal();
            } finally {
                descriptors.leave();
            }
        }
    }

    @Override
    public void close() {
        if (descriptors.close()) {
            wakeUp.signal();
            descriptors.awaitUnused();
            socket.close();
            wakeUp.close();
            UdpSocket group = groupSocket;
            if (group != null) {
                group.close();
            }
        }
    }

    private void enter() throws ClosedChannelException {
        if (!descriptors.enter()) {
            throw new ClosedChannelException();
        }
    }
}
