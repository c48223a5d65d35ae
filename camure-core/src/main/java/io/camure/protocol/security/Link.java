package io.camure.protocol.security;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the coordinator and one member have agreed on, at the coordinator. */
final class Link {

    private static final byte[] NOTHING = {};

    private final int id;
    private final InetSocketAddress address;
    private final ByteBuffer request;
    private final @Nullable X509Certificate certificate;
    private final LinkKeys keys;

    /** What was answered, until the member has shown that it has that. */
    private byte[] answer;

    /** The one that was told by the answer, until the member has shown that it has it. */
    private @Nullable SharedKey sessionKey;

    /** By the names of groups; empty where no certificate decides. */
    private final Map<String, GroupConsent> consents = new HashMap<>(0);

    private boolean confirmed;
    private long lastOpenedNanos;

    /**
     * How it was agreed on.
     *
     * @param request what tells this handshake from others of the node
     * @param answer what was sent back
     * @param certificate that the member has shown; {@code null} without one
     */
    record Handshake(
            ByteBuffer request, byte[] answer, @Nullable X509Certificate certificate) {}

    /** @param sessionKey the key of the session that was told by the answer */
    Link(int id, InetSocketAddress address, Handshake handshake, SharedKey sessionKey, LinkKeys keys, long nowNanos) {
        this.id = id;
        this.address = address;
        request = handshake.request();
        answer = handshake.answer();
        certificate = handshake.certificate();
        this.sessionKey = sessionKey;
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
        return request;
    }

    /** What the node is told, and may have to be told again; nothing once it has shown that it has the keys. */
    byte[] answer() {
        return answer;
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

    /** Whether this is the key of the session that was told by the answer. Forgets that one. */
    boolean wasTold(SharedKey key) {
        SharedKey told = sessionKey;
        sessionKey = null;
        return told != null && told.isSameAs(key);
    }

    /** What the member has shown to be let in; {@code null} where a secret was enough. */
    @Nullable
    X509Certificate certificate() {
        return certificate;
    }

    /** What is known of whether the member may be in a group. */
    GroupConsent consent(String group) {
        return consents.computeIfAbsent(group, name -> new GroupConsent());
    }

    /** Something was opened: the member has the keys. */
    void onOpened(long nowNanos) {
        confirmed = true;
        answer = NOTHING;
        lastOpenedNanos = nowNanos;
    }

    /** It could not be heard for a while, whatever it said. */
    void excuse(long nanos, long nowNanos) {
        lastOpenedNanos = Math.min(nowNanos, lastOpenedNanos + nanos);
    }

    /** The member may have the keys only now, and has as much time as after the first answer to show that. */
    void onAnsweredAgain(long nowNanos) {
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
