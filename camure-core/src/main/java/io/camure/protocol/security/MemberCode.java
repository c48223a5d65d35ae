package io.camure.protocol.security;

import io.camure.wire.SealedHeader;
import java.nio.charset.StandardCharsets;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;

/**
 * Shows one member that something which is sealed under the key of a group is from the coordinator: all in the group have that
 * key, and each could seal by it. The code is the beginning of an HMAC-SHA-256 (RFC 2104) under a key that the coordinator
 * shares with this member alone, as the receiver-specific codes of DDS Security are.
 */
final class MemberCode {

    static final int BYTES = 8;

    private static final byte[] USE = "camure code".getBytes(StandardCharsets.US_ASCII);

    private final Mac mac;
    private final byte[] whole = new byte[Hkdf.HASH_BYTES];

    /** @param secret what both sides have agreed on for what the coordinator says */
    MemberCode(byte[] secret) {
        mac = Hkdf.mac(Hkdf.expand(secret, USE, Hkdf.HASH_BYTES));
    }

    /**
     * Writes the code of a chunk.
     *
     * @param seed of the key that seals it
     * @param header what stands in front of the sealed chunk, with its number, so that it is right for no other datagram
     */
    void write(byte[] seed, byte[] header, byte[] chunk, int chunkBytes, byte[] target, int offset) {
        compute(seed, header, chunk, chunkBytes);
        System.arraycopy(whole, 0, target, offset, BYTES);
    }

    /** @param offset where the code stands, in the same array as the chunk */
    boolean isRight(byte[] seed, byte[] header, byte[] chunk, int chunkBytes, int offset) {
        compute(seed, header, chunk, chunkBytes);
        int difference = 0;
        // Takes as long for any code, so that it can't be found byte by byte.
        for (int i = 0; i < BYTES; i++) {
            difference |= whole[i] ^ chunk[offset + i];
        }
        return difference == 0;
    }

    private void compute(byte[] seed, byte[] header, byte[] chunk, int chunkBytes) {
        mac.update(seed);
        mac.update(header, 0, SealedHeader.BYTES);
        mac.update(chunk, 0, chunkBytes);
        try {
            mac.doFinal(whole, 0);
        } catch (ShortBufferException e) {
            throw new IllegalStateException("an HMAC-SHA-256 has other than " + Hkdf.HASH_BYTES + " bytes", e);
        }
    }
}
