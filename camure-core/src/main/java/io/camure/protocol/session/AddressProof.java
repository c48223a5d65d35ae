package io.camure.protocol.session;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.wire.JoinToken;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Has nodes prove that they receive what is sent to their address, before anything is kept of them: they say a token that was
 * sent there, as in QUIC (RFC 9000, section 8.1). A token is an HMAC-SHA256 (RFC 2104) over address, incarnation and time, cut to 16 bytes, under a key
 * that nobody else has; so nothing needs to be remembered, and nothing is said by the one of another node, of long ago, or of
 * another coordinator.
 */
final class AddressProof {

    /** A token is good for the time in which it was made and the next one. */
    static final long PERIOD_NANOS = SECONDS.toNanos(30);

    private static final String ALGORITHM = "HmacSHA256";
    private static final int LONGEST_IP_BYTES = 16;

    private final Mac mac;
    private final ByteBuffer said = ByteBuffer.allocate(2 * Long.BYTES + Short.BYTES + LONGEST_IP_BYTES);

    /** @param random gives the key; unpredictable in a real session */
    AddressProof(RandomGenerator random) {
        byte[] key = new byte[32];
        random.nextBytes(key);
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    /** What a node at an address has to say. */
    JoinToken tokenFor(InetSocketAddress address, long incarnation, long nowNanos) {
        return token(address, incarnation, periodOf(nowNanos));
    }

    /** Whether a token was sent to the node not long ago. */
    boolean isGiven(JoinToken token, InetSocketAddress address, long incarnation, long nowNanos) {
        if (token.equals(JoinToken.NONE)) {
            return false;
        }
        long period = periodOf(nowNanos);
        return isSame(token, token(address, incarnation, period))
                || isSame(token, token(address, incarnation, period - 1));
    }

    private static long periodOf(long nowNanos) {
        return Math.floorDiv(nowNanos, PERIOD_NANOS);
    }

    /** Takes the same time wherever they differ. */
    private static boolean isSame(JoinToken one, JoinToken other) {
        return (one.upper() ^ other.upper() | one.lower() ^ other.lower()) == 0;
    }

    private JoinToken token(InetSocketAddress address, long incarnation, long period) {
        said.clear().putLong(period).putLong(incarnation).putShort((short) address.getPort());
        said.put(address.getAddress().getAddress());
        mac.update(said.flip());
        ByteBuffer code = ByteBuffer.wrap(mac.doFinal());
        return new JoinToken(code.getLong(), code.getLong());
    }
}
