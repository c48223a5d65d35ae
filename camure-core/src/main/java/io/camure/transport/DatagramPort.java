package io.camure.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where a node's datagrams leave and arrive.
 *
 * <p>One thread at a time may send and receive; {@link #awaitDatagram} may be called by another meanwhile, and
 * {@link #wakeUp} and {@link #close} by any.
 */
public interface DatagramPort extends AutoCloseable {

    /** The address that others see; with the real port where 0 was asked for. */
    InetSocketAddress localAddress();

    /** Receives group traffic, too, from now on. */
    void joinMulticast(InetSocketAddress multicastAddress) throws IOException;

    /**
     * Takes a datagram that has arrived, without waiting.
     *
     * @param buffer is filled from its position on; what does not fit is cut off
     * @return who sent it, or {@code null} when there is none
     */
    @Nullable
    InetSocketAddress receive(ByteBuffer buffer) throws IOException;

    /**
     * Sends the bytes between the position and the limit, without waiting; the buffer's position is left as it was.
     *
     * @return whether the network took it
     */
    boolean send(ByteBuffer datagram, InetSocketAddress destination) throws IOException;

    /** Waits until a datagram has arrived, but not longer than the timeout, and not after {@link #wakeUp}. */
    void awaitDatagram(long timeoutNanos) throws IOException;

    /** Ends the current wait, or the next one at once. */
    void wakeUp();

    @Override
    void close() throws IOException;
}
