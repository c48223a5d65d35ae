package io.camure.protocol.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/** What the nodes of a sealed session share, and what is derived from it. */
public final class Secret {

    /** The fewest bytes that nobody guesses. */
    public static final int SHORTEST_BYTES = 16;

    private static final int FINGERPRINT_BYTES = 4;
    private static final byte[] SALT = "camure secret 1".getBytes(StandardCharsets.US_ASCII);

    private final byte[] handshakeKey;
    private final byte[] codeKey;
    private final byte[] cookieKey;
    private final String fingerprint;

    /** @param bytes at least {@value #SHORTEST_BYTES}, which nobody else knows; they are not kept */
    public Secret(byte[] bytes) {
        if (bytes.length < SHORTEST_BYTES) {
            throw new IllegalArgumentException("a secret has " + bytes.length + " bytes: it must have at least "
                    + SHORTEST_BYTES + ". openssl rand -base64 32 makes one");
        }
        byte[] root = Hkdf.extract(SALT, bytes);
        handshakeKey = derive(root, "handshake", Hkdf.HASH_BYTES);
        codeKey = derive(root, "join", Hkdf.HASH_BYTES);
        cookieKey = derive(root, "cookie", Hkdf.HASH_BYTES);
        fingerprint = HexFormat.of().formatHex(derive(root, "fingerprint", FINGERPRINT_BYTES));
    }

    private static byte[] derive(byte[] root, String use, int bytes) {
        return Hkdf.expand(root, use.getBytes(StandardCharsets.US_ASCII), bytes);
    }

    /** The key that both sides of a handshake have beforehand. */
    byte[] handshakeKey() {
        return handshakeKey;
    }

    /** The key from which those follow by which cookies are encrypted. */
    byte[] cookieKey() {
        return cookieKey;
    }

    /** The code by which a join shows that its sender has this secret. */
    byte[] code(byte[] join, int bytes) {
        return Arrays.copyOf(Hkdf.hmac(codeKey, join), bytes);
    }

    boolean isCode(byte[] code, byte[] join) {
        // Takes as long for any code, so that it can't be found byte by byte.
        return MessageDigest.isEqual(code, code(join, code.length));
    }

    /** Tells this secret from others in logs and errors: eight hexadecimal digits, from which the secret can't be found. */
    public String fingerprint() {
        return fingerprint;
    }

    @Override
    public String toString() {
        return "secret " + fingerprint;
    }
}
