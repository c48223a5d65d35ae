package io.camure.runtime;

import io.camure.transport.DatagramPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A port in a network that is this process, with failures on demand. */
final class MemoryPort implements DatagramPort {

    /** What a send does instead of sending. */
    interface SendFault {

        boolean send() throws IOException;
    }

    /** What receiving or waiting does instead. */
    interface ReceiveFault {

        void fail() throws IOException;
    }

    /** The ports that hear each other. */
    static final class Network {

        private final List<MemoryPort> ports = new CopyOnWriteArrayList<>();

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

    private record Datagram(InetSocketAddress source, byte[] bytes) {}

    private final Network network;
    private final InetSocketAddress address;
    private final Queue<Datagram> arrived = new ArrayDeque<>();
    private volatile InetSocketAddress multicastAddress;
    private volatile SendFault sendFault;
    private volatile ReceiveFault receiveFault;
    private volatile ReceiveFault waitFault;
    private volatile boolean closed;
    private boolean woken;

    private MemoryPort(Network network, InetSocketAddress address) {
        this.network = network;
        this.address = address;
    }

    /** Has every send do this, or send again after {@code null}. */
    void failSends(SendFault fault) {
        sendFault = fault;
    }

    void failReceives(ReceiveFault fault) {
        receiveFault = fault;
        wakeUp();
    }

    void failWaits(ReceiveFault fault) {
        waitFault = fault;
        wakeUp();
    }

    boolean isClosed() {
        return closed;
    }

    private synchronized void arrive(Datagram datagram) {
        arrived.add(datagram);
        notifyAll();
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
    public InetSocketAddress receive(ByteBuffer buffer) throws IOException {
        if (receiveFault != null) {
            receiveFault.fail();
        }
        Datagram datagram;
        synchronized (this) {
            datagram = arrived.poll();
        }
        if (datagram == null) {
            return null;
        }
        buffer.put(datagram.bytes());
        return datagram.source();
    }

    @Override
    public boolean send(ByteBuffer datagram, InetSocketAddress destination) throws IOException {
        SendFault fault = sendFault;
        if (fault != null) {
            return fault.send();
        }
        network.deliver(address, datagram, destination);
        return true;
    }

    @Override
    public void awaitDatagram(long timeoutNanos) throws IOException {
        if (waitFault != null) {
            waitFault.fail();
        }
        long deadlineNanos = System.nanoTime() + Math.min(timeoutNanos, TimeUnit.DAYS.toNanos(1));
        synchronized (this) {
            long leftNanos = deadlineNanos - System.nanoTime();
            while (arrived.isEmpty() && !woken && leftNanos > 0) {
                try {
                    TimeUnit.NANOSECONDS.timedWait(this, leftNanos);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
                leftNanos = deadlineNanos - System.nanoTime();
            }
            woken = false;
        }
    }

    @Override
    public synchronized void wakeUp() {
        woken = true;
        notifyAll();
    }

    @Override
    public void close() {
        closed = true;
    }
}
