package io.camure.protocol.security;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** What the coordinator and one member have agreed on, at the coordinator. */
final class Link {

    private final int id;
    private final InetSocketAddress address;
    private final Handshake handshake;
    private final LinkKeys keys;
    private boolean confirmed;
    private long lastOpenedNanos;

    /**
     * How it was agreed on.
     *
     * @param request the message that has asked for it
     * @param answer the one that was sent back
     * @param sessionKey the key of the session that was told by it
     */
    record Handshake(ByteBuffer request, byte[] answer, SharedKey sessionKey) {}

    Link(int id, InetSocketAddress address, Handshake handshake, LinkKeys keys, long nowNanos) {
        this.id = id;
        this.address = address;
        this.handshake = handshake;
        this.keys = keys;
        lastOpenedNanos = nowNanos;
    }

    int id() {
        return id;
    }

    InetSocketAddress address() {
        return address;
    }

    ByteBuffer request() {
        return handshake.request();
    }

    byte[] answer() {
        return handshake.answer();
    }

    SealingKey sealing(long nowNanos) {
        return keys.sealing().key(nowNanos);
    }

    LinkOpening opening() {
        return keys.opening();
    }

    /** Shows the member that what is for all is from this coordinator. */
    MemberCode code() {
        return keys.code();
    }

    /** The key of the session that was told by the answer. */
    SharedKey sessionKey() {
        return handshake.sessionKey();
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
