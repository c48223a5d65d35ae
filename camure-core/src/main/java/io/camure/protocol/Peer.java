package io.camure.protocol;

import java.net.InetSocketAddress;

/** A node as the session sees it: an address, and when it was heard. */
final class Peer {

    private final InetSocketAddress address;
    private long lastHeardNanos;

    Peer(InetSocketAddress address, long nowNanos) {
        this.address = address;
        lastHeardNanos = nowNanos;
    }

    InetSocketAddress address() {
        return address;
    }

    long lastHeardNanos() {
        return lastHeardNanos;
    }

    void onHeard(long nowNanos) {
        lastHeardNanos = nowNanos;
    }
}
