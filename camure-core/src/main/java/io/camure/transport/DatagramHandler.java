package io.camure.transport;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Takes what has arrived. */
@FunctionalInterface
public interface DatagramHandler {

    /** @param datagram the bytes between the position and the limit, only during this call */
    void onDatagram(InetSocketAddress source, ByteBuffer datagram);
}
