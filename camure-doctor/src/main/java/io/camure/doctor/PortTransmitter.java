package io.camure.doctor;

import io.camure.protocol.base.DatagramCodec.Transmitter;
import io.camure.transport.DatagramPort;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Sends what a codec has sealed by a port. */
record PortTransmitter(DatagramPort port) implements Transmitter {

    @Override
    public void send(ByteBuffer datagrams, int datagramBytes, InetSocketAddress destination) {
        port.send(datagrams, datagramBytes, destination);
    }

    @Override
    public void flush() {
        port.flush();
    }
}
