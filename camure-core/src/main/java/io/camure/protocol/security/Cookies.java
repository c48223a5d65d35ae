package io.camure.protocol.security;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.wire.HandshakeChunk;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Has nodes prove their addresses before anything is kept of them while many ask at once, as WireGuard does: who asks is told
 * a cookie, encrypted, and proves by it that it has received it. A join that was recorded is of no use with it.
 */
final class Cookies {

    /** The bytes of a cookie. */
    static final int BYTES = 16;

    /** So many handshakes a second begin without one. */
    static final int FREE_HANDSHAKES = 50;

    /** For how long a node may use one; the coordinator takes it for up to twice as long. */
    static final long PERIOD_NANOS = SECONDS.toNanos(60);

    /** Of an encrypted cookie. */
    private static final int CHUNK_BYTES = HandshakeChunk.COOKIE_HEADER_BYTES + BYTES + Aead.TAG_BYTES;

    private final byte[] key = new byte[Hkdf.HASH_BYTES];
    private final RandomGenerator random;
    private long secondBeginNanos;
    private int handshakes;

    /** @param random unpredictable in a real session */
    Cookies(RandomGenerator random) {
        this.random = random;
        random.nextBytes(key);
    }

    /** Whether so many nodes have asked within this second that the next one has to have a cookie. */
    boolean areNeeded(long nowNanos) {
        if (nowNanos - secondBeginNanos >= SECONDS.toNanos(1)) {
            secondBeginNanos = nowNanos;
            handshakes = 0;
        }
        return handshakes >= FREE_HANDSHAKES;
    }

    /** A handshake has begun. */
    void onHandshake() {
        handshakes++;
    }

    /** Whether a join shows that its sender has received a cookie at its address. */
    boolean isProven(InetSocketAddress source, ByteBuffer join, long nowNanos) {
        if (!HandshakeChunk.hasProof(join)) {
            return false;
        }
        byte[] proof = HandshakeChunk.proofOf(join);
        byte[] proven = HandshakeChunk.proven(join);
        long period = nowNanos / PERIOD_NANOS;
        return MessageDigest.isEqual(proof, proof(cookie(source, period), proven))
                || MessageDigest.isEqual(proof, proof(cookie(source, period - 1), proven));
    }

    /** What shows that a node was told a cookie. */
    static byte[] proof(byte[] cookie, byte[] join) {
        return Arrays.copyOf(Hkdf.hmac(cookie, join), HandshakeChunk.CODE_BYTES);
    }

    private byte[] cookie(InetSocketAddress source, long period, byte... handshake) {
        byte[] ip = source.getAddress().getAddress();
        byte[] text = ByteBuffer.allocate(Long.BYTES + Short.BYTES + ip.length)
                .putLong(period)
                .putShort((short) source.getPort())
                .put(ip)
                .array();
        return Arrays.copyOf(Hkdf.hmac(key, text, handshake), BYTES);
    }

    /** The cookie of a node for one handshake, as it is told where there is no secret to encrypt it by. */
    byte[] of(InetSocketAddress source, long handshake, long nowNanos) {
        return cookie(source, nowNanos / PERIOD_NANOS, bytes(handshake));
    }

    /** Whether a cookie that a node has shown was told it for this handshake, and not long ago. */
    boolean isOf(InetSocketAddress source, long handshake, byte[] shown, long nowNanos) {
        long period = nowNanos / PERIOD_NANOS;
        return MessageDigest.isEqual(shown, cookie(source, period, bytes(handshake)))
                || MessageDigest.isEqual(shown, cookie(source, period - 1, bytes(handshake)));
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    /** Writes the answer to a join: a cookie that only its sender can read, which has the secret and sees the answer. */
    void write(ByteBuffer target, InetSocketAddress source, ByteBuffer join, Secret secret, long nowNanos) {
        long number = random.nextLong();
        byte[] chunk = new byte[CHUNK_BYTES];
        HandshakeChunk.cookieHeader(ByteBuffer.wrap(chunk), number);
        byte[] cookie = cookie(source, nowNanos / PERIOD_NANOS);
        aead(secret, HandshakeChunk.codeOf(join))
                .seal(number, cookie, cookie.length, chunk, HandshakeChunk.COOKIE_HEADER_BYTES);
        target.put(chunk);
    }

    /** @return the cookie in an answer to the join with this code, or {@code null} when it is none */
    static byte @Nullable [] read(ByteBuffer answer, Secret secret, byte[] code) {
        if (answer.remaining() != CHUNK_BYTES) {
            return null;
        }
        byte[] chunk = new byte[CHUNK_BYTES];
        answer.get(answer.position(), chunk);
        byte[] cookie = new byte[BYTES];
        int bytes = aead(secret, code)
                .open(
                        HandshakeChunk.cookieNumber(answer),
                        chunk,
                        HandshakeChunk.COOKIE_HEADER_BYTES,
                        CHUNK_BYTES,
                        cookie);
        return bytes == BYTES ? cookie : null;
    }

    private static Aead aead(Secret secret, byte[] code) {
        byte[] key = Hkdf.expand(secret.cookieKey(), code, BYTES);
        return new Aead(SealingCipher.AES_128_GCM, SealingCipher.AES_128_GCM.key(key));
    }
}
