package io.camure.protocol.security;

import io.camure.wire.DropReason;
import io.camure.wire.HandshakeChunk;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The handshakes of a member: one at a time, whose join is sent until it is answered. */
final class MemberHandshake {

    private static final int LONGEST_JOIN_BYTES = 512;

    private final Secret secret;
    private final RandomGenerator random;

    /** A direct buffer, since it is sent as it is. */
    private final ByteBuffer join = ByteBuffer.allocateDirect(LONGEST_JOIN_BYTES);

    private @Nullable NoiseHandshake pending;

    /** What the coordinator has this node prove its address by; empty while it has not. */
    private byte[] cookie = {};

    private long cookieEndNanos;

    MemberHandshake(Secret secret, RandomGenerator random) {
        this.secret = secret;
        this.random = random;
    }

    /** Whether there is one that was not answered. */
    boolean isPending() {
        return pending != null;
    }

    /** The join of the handshake that was not answered yet; begins one if there is none. */
    ByteBuffer join(long nowNanos) {
        if (pending == null) {
            begin();
            if (cookie.length > 0 && nowNanos < cookieEndNanos) {
                prove();
            }
        }
        return join;
    }

    /**
     * Takes the answer of a coordinator that wants this node's address proven first.
     *
     * @return why it is not taken, or {@code null} when the join has what it is to have now
     */
    @Nullable
    DropReason onCookie(ByteBuffer answer, long nowNanos) {
        if (pending == null) {
            return DropReason.UNEXPECTED;
        }
        byte[] told = Cookies.read(answer, secret, HandshakeChunk.codeOf(join));
        if (told == null) {
            return DropReason.UNAUTHENTICATED;
        }
        if (Arrays.equals(told, cookie) && HandshakeChunk.hasProof(join)) {
            return DropReason.DUPLICATE;
        }
        cookie = told;
        cookieEndNanos = nowNanos + Cookies.PERIOD_NANOS;
        prove();
        return null;
    }

    /** Adds to the join what shows that this node was told the cookie. */
    private void prove() {
        byte[] proven = HandshakeChunk.hasProof(join) ? HandshakeChunk.proven(join) : new byte[join.remaining()];
        join.get(0, proven);
        join.clear().position(proven.length);
        HandshakeChunk.proof(join, Cookies.proof(cookie, proven));
        join.flip();
    }

    private void begin() {
        byte[] ephemeral = new byte[X25519.BYTES];
        random.nextBytes(ephemeral);
        NoiseHandshake noise =
                new NoiseHandshake(HandshakeTerms.PROLOGUE, secret.handshakeKey(), new X25519(ephemeral));
        HandshakeChunk.join(join.clear(), noise.writeFirst(HandshakeTerms.request()));
        byte[] coded = new byte[join.position()];
        join.get(0, coded);
        HandshakeChunk.code(join, secret.code(coded, HandshakeChunk.CODE_BYTES));
        join.flip();
        pending = noise;
    }

    /** @return what was agreed on, or {@code null} when the message does not answer the join */
    @Nullable
    MemberKeys onAnswer(byte[] message, KeyLimits limits, long nowNanos) {
        NoiseHandshake noise = pending;
        byte[] told = noise == null ? null : noise.readSecond(message);
        HandshakeTerms terms = told == null ? null : HandshakeTerms.of(told);
        if (noise == null || terms == null) {
            return null;
        }
        pending = null;
        return new MemberKeys(terms, noise.split(), limits, nowNanos);
    }
}
