package io.camure.sample;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;

final class FreePort {

    private FreePort() {}

    /** A UDP port that is free on loopback, and so is the next one. */
    static int pair() throws IOException {
        while (true) {
            int port;
            try (DatagramSocket socket = new DatagramSocket(loopback(0))) {
                port = socket.getLocalPort();
            }
            try (DatagramSocket next = new DatagramSocket(loopback(port + 1))) {
                return next.getLocalPort() - 1;
            } catch (IOException e) {
                // Taken; the next pair, then.
            }
        }
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
