package com.example.guide;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Ports that nobody had a moment ago, in place of those that the guide names. */
record FreePorts(int coordinator, int multicast) {

    static FreePorts find() throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (DatagramSocket one = new DatagramSocket(any);
                DatagramSocket another = new DatagramSocket(any)) {
            return new FreePorts(one.getLocalPort(), another.getLocalPort());
        }
    }
}
