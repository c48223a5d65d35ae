package io.camure.test.support;

import io.camure.transport.DatagramHandler;
import io.camure.transport.DatagramPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A port that fails and loses on demand. Beyond that it is the port that it was given. */
public final class FaultyPort implements DatagramPort {

    /** What receiving or waiting does instead. */
    public interface Fault {

        void raise() throws IOException;
    }

    private final DatagramPort port;
    private volatile boolean sendsFail;
    private volatile @Nullable Fault receiveFault;
    private volatile @Nullable Fault waitFault;
    private volatile @Nullable Fault renewFault;
    private volatile int lostId = -1;
    private volatile @Nullable Thread lastReceiver;
    private final Set<Thread> receivers = ConcurrentHashMap.newKeySet();
    private volatile Runnable beforePolling = () -> {};
    private final AtomicInteger waits = new AtomicInteger();
    private volatile boolean closed;
    private long sendFailures;

    public FaultyPort(DatagramPort port) {
        this.port = port;
    }

    /** Has every send fail, or succeed again. */
    public void failSends(boolean fail) {
        sendsFail = fail;
    }

    /** Has every attempt to receive fail from now on, the one that is due included. */
    public void failReceives(Fault fault) {
        receiveFault = fault;
        wakeUp();
    }

    /** Has every wait for datagrams fail from now on. */
    public void failWaits(Fault fault) {
        waitFault = fault;
        wakeUp();
    }

    /** Has joining the multicast address again fail, or with {@code null} succeed. */
    public void failRenewals(@Nullable Fault fault) {
        renewFault = fault;
    }

    /** Loses the next datagram that begins with an id. */
    public void loseNext(int id) {
        lostId = id;
    }

    /** Whether {@link #loseNext} has happened. */
    public boolean hasLost() {
        return lostId < 0;
    }

    /** Does something in front of each {@link #poll}, such as to let other threads run. */
    public void beforePolling(Runnable action) {
        beforePolling = action;
    }

    /** All threads that have looked for datagrams. */
    public Set<Thread> receivers() {
        return receivers;
    }

    /** The thread that has last looked for datagrams. */
    public @Nullable Thread lastReceiver() {
        return lastReceiver;
    }

    /** How often a thread has slept until a datagram arrives. */
    public int waits() {
        return waits.get();
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public InetSocketAddress localAddress() {
        return port.localAddress();
    }

    @Override
    public int receiveBufferBytes() {
        return port.receiveBufferBytes();
    }

    @Override
    public void joinMulticast(InetSocketAddress multicastAddress) throws IOException {
        port.joinMulticast(multicastAddress);
    }

    @Override
    public void renewMulticast() throws IOException {
        raise(renewFault);
        port.renewMulticast();
    }

    @Override
    public int receive() throws IOException {
        beforeReceiving();
        return port.receive();
    }

    @Override
    public int poll() throws IOException {
        beforePolling.run();
        beforeReceiving();
        return port.poll();
    }

    private void beforeReceiving() throws IOException {
        lastReceiver = Thread.currentThread();
        receivers.add(Thread.currentThread());
        raise(receiveFault);
    }

    private static void raise(@Nullable Fault fault) throws IOException {
        if (fault != null) {
            fault.raise();
        }
    }

    @Override
    public void handOver(DatagramHandler handler) {
        port.handOver(handler);
    }

    @Override
    public void send(ByteBuffer datagrams, int datagramBytes, InetSocketAddress destination) {
        int limit = datagrams.limit();
        for (int start = datagrams.position(); start < limit; start += datagramBytes) {
            ByteBuffer datagram = datagrams
                    .duplicate()
                    .limit(Math.min(start + datagramBytes, limit))
                    .position(start);
            if (sendsFail) {
                sendFailures++;
            } else if (datagram.get(start) == lostId) {
                lostId = -1;
            } else {
                port.send(datagram, datagramBytes, destination);
            }
        }
    }

    @Override
    public void flush() {
        port.flush();
    }

    @Override
    public long datagramsSent() {
        return port.datagramsSent();
    }

    @Override
    public long sendFailures() {
        return port.sendFailures() + sendFailures;
    }

    @Override
    public @Nullable String sendFailure() {
        return sendsFail ? "Network is unreachable" : port.sendFailure();
    }

    @Override
    public void awaitDatagram(long timeoutNanos) throws IOException {
        waits.incrementAndGet();
        raise(waitFault);
        port.awaitDatagram(timeoutNanos);
    }

    @Override
    public void wakeUp() {
        port.wakeUp();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        port.close();
    }
}
