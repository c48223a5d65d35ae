package io.camure.runtime;

import io.camure.transport.DatagramHandler;
import io.camure.transport.DatagramPort;
import io.camure.transport.Execution;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A port in a network that is this process, with failures on demand. */
final class MemoryPort implements DatagramPort {

    /** What receiving or waiting does instead. */
    interface ReceiveFault {

        void fail() throws IOException;
    }

    /** The ports that hear each other. */
    static final class Network {

        private final List<MemoryPort> ports = new CopyOnWriteArrayList<>();
        private final Execution execution;

        Network(Execution execution) {
            this.execution = execution;
        }

        MemoryPort open(int number) {
            MemoryPort port = new MemoryPort(this, new InetSocketAddress(InetAddress.getLoopbackAddress(), number));
            ports.add(port);
            return port;
        }

        private void deliver(InetSocketAddress source, ByteBuffer datagram, InetSocketAddress destination) {
            byte[] bytes = new byte[datagram.remaining()];
            datagram.duplicate().get(bytes);
            for (MemoryPort port : ports) {
                if (destination.equals(port.address) || destination.equals(port.multicastAddress)) {
                    port.arrive(new Datagram(source, bytes));
                }
            }
        }
    }

    /** What a look takes where time passes only by what is done: much, so that who looks again and again takes few steps. */
    private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    private record Datagram(InetSocketAddress source, byte[] bytes) {}

    private final Network network;
    private final InetSocketAddress address;
    private final Queue<Datagram> arrived = new ArrayDeque<>();
    private volatile InetSocketAddress multicastAddress;
    private volatile boolean sendsFail;
    private volatile ReceiveFault receiveFault;
    private volatile ReceiveFault waitFault;
    private volatile boolean closed;
    private volatile Thread lastReceiver;
    private final Set<Thread> receivers = ConcurrentHashMap.newKeySet();
    private volatile int lostId = -1;
    private volatile int waits;
    private Datagram received;
    private long datagramsSent;
    private long sendFailures;
    private boolean woken;
    private Thread waiting;

    private MemoryPort(Network network, InetSocketAddress address) {
        this.network = network;
        this.address = address;
    }

    /** Has every send fail, or succeed again. */
    void failSends(boolean fail) {
        sendsFail = fail;
    }

    void failReceives(ReceiveFault fault) {
        receiveFault = fault;
        wakeUp();
    }

    void failWaits(ReceiveFault fault) {
        waitFault = fault;
        wakeUp();
    }

    /** Loses the next datagram that begins with an id. */
    void loseNext(int id) {
        lostId = id;
    }

    /** Whether {@link #loseNext} has happened. */
    boolean hasLost() {
        return lostId < 0;
    }

    /** The thread that has last looked for datagrams. */
    Thread lastReceiver() {
        return lastReceiver;
    }

    /** How often a thread has slept until a datagram arrives. */
    int waits() {
        return waits;
    }

    /** All threads that have looked for datagrams. */
    Set<Thread> receivers() {
        return receivers;
    }

    boolean isClosed() {
        return closed;
    }

    private synchronized void arrive(Datagram datagram) {
        arrived.add(datagram);
        unparkWaiting();
    }

    private void unparkWaiting() {
        if (waiting != null) {
            network.execution.unpark(waiting);
        }
    }

    @Override
    public InetSocketAddress localAddress() {
        return address;
    }

    @Override
    public void joinMulticast(InetSocketAddress multicast) {
        multicastAddress = multicast;
    }

    @Override
    public int receiveBufferBytes() {
        return 1 << 20;
    }

    @Override
    public int receive() throws IOException {
        lastReceiver = Thread.currentThread();
        receivers.add(lastReceiver);
        if (receiveFault != null) {
            receiveFault.fail();
        }
        synchronized (this) {
            received = arrived.poll();
        }
        return received == null ? 0 : 1;
    }

    @Override
    public int poll() throws IOException {
        if (network.execution instanceof SeededExecution) {
            network.execution.parkNanos(this, POLL_NANOS);
        }
        return receive();
    }

    @Override
    public void handOver(DatagramHandler handler) {
        handler.onDatagram(received.source(), ByteBuffer.wrap(received.bytes()));
    }

    @Override
    public void send(ByteBuffer datagrams, int datagramBytes, InetSocketAddress destination) {
        for (int start = datagrams.position(); start < datagrams.limit(); start += datagramBytes) {
            ByteBuffer datagram = datagrams
                    .duplicate()
                    .limit(Math.min(start + datagramBytes, datagrams.limit()))
                    .position(start);
            if (sendsFail) {
                sendFailures++;
            } else if (datagram.get(datagram.position()) == lostId) {
                lostId = -1;
            } else {
                network.deliver(address, datagram, destination);
                datagramsSent++;
            }
        }
    }

    @Override
    public void flush() {}

    @Override
    public long datagramsSent() {
        return datagramsSent;
    }

    @Override
    public @Nullable String sendFailure() {
        return null;
    }

    @Override
    public long sendFailures() {
        return sendFailures;
    }

    @Override
    public void awaitDatagram(long timeoutNanos) throws IOException {
        waits++;
        if (waitFault != null) {
            waitFault.fail();
        }
        Execution execution = network.execution;
        long deadlineNanos = execution.nanoTime() + Math.min(timeoutNanos, TimeUnit.DAYS.toNanos(1));
        while (!endsWait(deadlineNanos - execution.nanoTime())) {
            execution.parkNanos(this, deadlineNanos - execution.nanoTime());
        }
    }

    private synchronized boolean endsWait(long leftNanos) {
        boolean over = !arrived.isEmpty()
                || woken
                || leftNanos <= 0
                || Thread.currentThread().isInterrupted();
        waiting = over ? null : Thread.currentThread();
        if (over) {
            woken = false;
        }
        return over;
    }

    @Override
    public synchronized void wakeUp() {
        woken = true;
        unparkWaiting();
    }

    @Override
    public void close() {
        closed = true;
    }
}
