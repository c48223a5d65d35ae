package io.camure.protocol.security;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** What the coordinator and one member have agreed on, at the coordinator. */
final class Link {

    private final int id;
    private final InetSocketAddress address;
    private final ByteBuffer request;
    private final byte[] answer;
    private final SealingKey sealing;
    private final OpeningKey opening;
    private boolean confirmed;
    private long lastOpenedNanos;

    /**
     * @param request the message that has asked for it
     * @param answer the one that was sent back
     */
    Link(
            int id,
            InetSocketAddress address,
            ByteBuffer request,
            byte[] answer,
            SealingKey sealing,
            OpeningKey opening,
            long nowNanos) {
        this.id = id;
        this.address = address;
        this.request = request;
        this.answer = answer;
        this.sealing = sealing;
        this.opening = opening;
        lastOpenedNanos = nowNanos;
    }

    int id() {
        return id;
    }

    InetSocketAddress address() {
        return address;
    }

    ByteBuffer request() {
        return request;
    }

    byte[] answer() {
        return answer;
    }

    SealingKey sealing() {
        return sealing;
    }

    OpeningKey opening() {
        return opening;
    }

    /** Something was opened: the member has the keys. */
    void onOpened(long nowNanos) {
        confirmed = true;
        lastOpenedNanos = nowNanos;
    }

    /** Whether the member has shown that it has the keys. */
    boolean isConfirmed() {
        return confirmed;
    }

    /** When something was opened last, or the handshake answered. */
    long lastOpenedNanos() {
        return lastOpenedNanos;
    }
}
