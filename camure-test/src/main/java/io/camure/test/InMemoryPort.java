package io.camure.test;

import io.camure.transport.DatagramHandler;
import io.camure.transport.DatagramPort;
import io.camure.transport.Execution;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A port of a host. Its receive buffers are bounded as Linux bounds them, one for its own address, one for group traffic. */
final class InMemoryPort implements DatagramPort {

    /** What Linux takes for a datagram beyond its bytes, about. */
    private static final int DATAGRAM_OVERHEAD_BYTES = 768;

    private static final int LARGEST_DATAGRAM_BYTES = 65507;

    private static final int LARGEST_BATCH = 128;

    /** Far from where sums of times overflow. */
    private static final long LONGEST_WAIT_NANOS = TimeUnit.DAYS.toNanos(1);

    private final CamureTestHost host;
    private final InetSocketAddress address;
    private final int receiveBufferBytes;

    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Datagram> arrived = new ArrayDeque<>();
    private int ownBytes;
    private int groupBytes;
    private boolean woken;
    private @Nullable Thread waiting;
    private boolean closed;

    private final List<Datagram> taken = new ArrayList<>(LARGEST_BATCH);
    private volatile @Nullable InetSocketAddress multicastAddress;
    private long datagramsSent;
    private long sendFailures;
    private volatile @Nullable String sendFailure;

    private record Datagram(InetSocketAddress source, byte[] content, boolean toGroup) {

        int bufferBytes() {
            return content.length + DATAGRAM_OVERHEAD_BYTES;
        }
    }

    InMemoryPort(CamureTestHost host, InetSocketAddress address, int receiveBufferBytes) {
        this.host = host;
        this.address = address;
        this.receiveBufferBytes = receiveBufferBytes;
    }

    @Override
    public InetSocketAddress localAddress() {
        return address;
    }

    @Override
    public int receiveBufferBytes() {
        return receiveBufferBytes;
    }

    @Override
    public void joinMulticast(InetSocketAddress group) {
        multicastAddress = group;
    }

    boolean hears(InetSocketAddress group) {
        return group.equals(multicastAddress);
    }

    CamureTestHost host() {
        return host;
    }

    /** @return whether there was room for it */
    boolean arrive(InetSocketAddress source, byte[] content, boolean toGroup) {
        Datagram datagram = new Datagram(source, content, toGroup);
        lock.lock();
        try {
            // As Linux does: one more is taken as long as there is any room.
            if (closed || (toGroup ? groupBytes : ownBytes) >= receiveBufferBytes) {
                return false;
            }
            account(datagram, datagram.bufferBytes());
            arrived.add(datagram);
            unparkWaiting();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void account(Datagram datagram, int bytes) {
        if (datagram.toGroup()) {
            groupBytes += bytes;
        } else {
            ownBytes += bytes;
        }
    }

    @Override
    public int receive() {
        host.awaitRunning();
        taken.clear();
        lock.lock();
        try {
            while (taken.size() < LARGEST_BATCH && !arrived.isEmpty()) {
                Datagram datagram = arrived.remove();
                account(datagram, -datagram.bufferBytes());
                taken.add(datagram);
            }
        } finally {
            lock.unlock();
        }
        return taken.size();
    }

    @Override
    public int poll() {
        return receive();
    }

    @Override
    public void handOver(DatagramHandler handler) {
        for (Datagram datagram : taken) {
            // Read-only, since the receivers of group traffic share the bytes.
            handler.onDatagram(
                    datagram.source(), ByteBuffer.wrap(datagram.content()).asReadOnlyBuffer());
        }
    }

    @Override
    public void send(ByteBuffer datagrams, int datagramBytes, InetSocketAddress destination) {
        host.awaitRunning();
        int limit = datagrams.limit();
        int start = datagrams.position();
        do {
            int end = Math.min(start + datagramBytes, limit);
            byte[] content = new byte[end - start];
            datagrams.get(start, content);
            sendOne(content, destination);
            start = end;
        } while (start < limit);
    }

    private void sendOne(byte[] content, InetSocketAddress destination) {
        String refusal = destination.isUnresolved()
                ? "unresolved address " + destination
                : content.length > LARGEST_DATAGRAM_BYTES ? "Message too long" : null;
        sendFailure = refusal;
        if (refusal == null) {
            datagramsSent++;
            host.transmit(address, content, destination);
        } else {
            sendFailures++;
        }
    }

    @Override
    public void flush() {
        // Nothing is kept back.
    }

    @Override
    public long datagramsSent() {
        return datagramsSent;
    }

    @Override
    public long sendFailures() {
        return sendFailures;
    }

    @Override
    public @Nullable String sendFailure() {
        return sendFailure;
    }

    @Override
    public void awaitDatagram(long timeoutNanos) {
        Execution execution = host.execution();
        long deadlineNanos = execution.nanoTime() + Math.min(timeoutNanos, LONGEST_WAIT_NANOS);
        long leftNanos = timeoutNanos;
        while (!endsWait(leftNanos)) {
            execution.parkNanos(this, leftNanos);
            leftNanos = deadlineNanos - execution.nanoTime();
        }
        host.awaitRunning();
    }

    private boolean endsWait(long leftNanos) {
        lock.lock();
        try {
            boolean over = !arrived.isEmpty()
                    || woken
                    || closed
                    || leftNanos <= 0
                    || Thread.currentThread().isInterrupted();
            waiting = over ? null : Thread.currentThread();
            woken &= !over;
            return over;
        } finally {
            lock.unlock();
        }
    }

    /** Is called with the lock held. */
    private void unparkWaiting() {
        Thread thread = waiting;
        if (thread != null) {
            host.execution().unpark(thread);
        }
    }

    @Override
    public void wakeUp() {
        lock.lock();
        try {
            woken = true;
            unparkWaiting();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            arrived.clear();
            unparkWaiting();
        } finally {
            lock.unlock();
        }
        host.release(this);
    }
}
