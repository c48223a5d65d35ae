package io.camure.simulation;

import io.camure.transport.DatagramHandler;
import io.camure.transport.DatagramPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** A port of a process: shows what is sent, sends nothing more when the process is gone, and takes its time to look. */
final class SimulatedPort implements DatagramPort {

    private final DatagramPort port;
    private final long pollNanos;
    private final SeededProcess process;
    private final Trace trace;

    /** @param pollNanos how long a look takes */
    SimulatedPort(DatagramPort port, long pollNanos, SeededProcess process, Trace trace) {
        this.pollNanos = pollNanos;
        this.port = port;
        this.process = process;
        this.trace = trace;
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
    public int receive() throws IOException {
        return port.receive();
    }

    @Override
    public int poll() throws IOException {
        process.parkNanos(this, pollNanos);
        return port.poll();
    }

    @Override
    public void handOver(DatagramHandler handler) {
        port.handOver(handler);
    }

    @Override
    public void send(ByteBuffer datagrams, int datagramBytes, InetSocketAddress destination) {
        if (!process.isDead()) {
            trace.sent(process, destination, datagrams);
            port.send(datagrams, datagramBytes, destination);
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
        return port.sendFailures();
    }

    @Override
    public String sendFailure() {
        return port.sendFailure();
    }

    @Override
    public void awaitDatagram(long timeoutNanos) throws IOException {
        port.awaitDatagram(timeoutNanos);
    }

    @Override
    public void wakeUp() {
        port.wakeUp();
    }

    @Override
    public void close() throws IOException {
        port.close();
    }
}
