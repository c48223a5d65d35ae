package io.camure.protocol.security;

import java.nio.charset.StandardCharsets;

/**
 * Which way a link is sealed, and by what.
 *
 * @param use what tells the keys of this direction from others, in ASCII
 */
record LinkDirection(SealingCipher cipher, String use) {

    private static final byte[] NEXT = "camure next".getBytes(StandardCharsets.US_ASCII);

    static LinkDirection toCoordinator(SealingCipher cipher) {
        return new LinkDirection(cipher, "to coordinator");
    }

    static LinkDirection toMember(SealingCipher cipher) {
        return new LinkDirection(cipher, "to member");
    }

    Aead key(byte[] secret) {
        return new Aead(cipher, cipher.derive(secret, use));
    }

    /** The secret behind another one, from which nobody finds that (as in RFC 8446, 7.2). */
    static byte[] following(byte[] secret) {
        return Hkdf.expand(secret, NEXT, Hkdf.HASH_BYTES);
    }
}
