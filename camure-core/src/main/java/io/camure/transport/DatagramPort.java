package io.camure.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where a node's datagrams leave and arrive.
 *
 * <p>One thread at a time may receive and wait: {@link #receive}, {@link #poll}, {@link #handOver} and {@link #awaitDatagram}. One thread
 * at a time may send, which can be another: {@link #send} and {@link #flush}. {@link #wakeUp} and {@link #close} may be
 * called by any.
 */
public interface DatagramPort extends AutoCloseable {

    /** The address that others see; with the real port where 0 was asked for. */
    InetSocketAddress localAddress();

    /** What the kernel granted as receive buffer of each socket, in bytes as it counts them: with its own overhead. */
    int receiveBufferBytes();

    /** The same for the send buffer; 0 where there is none. */
    default int sendBufferBytes() throws IOException {
        return 0;
    }

    /** Has each datagram that comes to this node alone from now on tell its {@link #hopLimit}, and says whether that works here. */
    default boolean noteHopLimits() throws IOException {
        return false;
    }

    /**
     * The time to live, or hop limit of IPv6, that was left to the datagram which is being handed over; -1 unless {@link #noteHopLimits}
     * works. To be asked by the handler.
     */
    default int hopLimit() {
        return -1;
    }

    /** Receives group traffic, too, from now on. */
    void joinMulticast(InetSocketAddress multicastAddress) throws IOException;

    /**
     * Leaves the multicast address of {@link #joinMulticast} and joins it again, so that switches and routers learn anew that
     * this host listens there. What arrives meanwhile may be lost.
     */
    default void renewMulticast() throws IOException {
        // Where there are neither.
    }

    /**
     * Takes datagrams that have arrived, without waiting; they stay until the next call, for {@link #handOver}.
     *
     * @return how many there are
     */
    int receive() throws IOException;

    /**
     * The same for who asks again and again: mostly looks only at the socket that has delivered last, and not at each other
     * one. So 0 does not mean that nothing has arrived; only {@link #receive} does.
     */
    int poll() throws IOException;

    /** Hands over what the last {@link #receive} or {@link #poll} has taken, in the order of arrival on each socket. */
    void handOver(DatagramHandler handler);

    /**
     * Sends the bytes between the position and the limit as datagrams of {@code datagramBytes} each; the last one may be
     * shorter. Does not wait. What is sent may stay here until {@link #flush}, and its bytes must not change before. The
     * buffer's position and limit are left as they were.
     *
     * <p>What the network does not take is counted and lost, as a datagram may be anywhere on its way.
     *
     * @param datagrams a direct buffer
     */
    void send(ByteBuffer datagrams, int datagramBytes, InetSocketAddress destination);

    /** Sends what {@link #send} has kept. */
    void flush();

    /** How many datagrams the network took so far. */
    long datagramsSent();

    /** How many datagrams it did not take. */
    long sendFailures();

    /** Why the network did not take the last datagram, or {@code null} when it did. May be asked by any thread. */
    @Nullable
    String sendFailure();

    /**
     * Waits until a datagram has arrived, but not longer than the timeout, and not after {@link #wakeUp}. Returns at once
     * when the thread is interrupted, which it stays.
     */
    void awaitDatagram(long timeoutNanos) throws IOException;

    /** Ends the current wait, or the next one at once. */
    void wakeUp();

    @Override
    void close() throws IOException;
}
