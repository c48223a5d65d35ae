package io.camure.protocol.security;

import io.camure.wire.SealedHeader;
import javax.crypto.Cipher;

/** A key that this node seals under, each datagram under the next number. */
final class SealingKey {

    /** The bytes that sealing adds to a chunk. */
    static final int OVERHEAD_BYTES = SealedHeader.BYTES + SealedHeader.TAG_BYTES;

    private final Aead aead;
    private final SealedHeader.Scope scope;
    private final int place;
    private final int generation;
    private final byte[] nextHeader = new byte[SealedHeader.BYTES];
    private long next;

    SealingKey(Aead aead, SealedHeader.Scope scope, int place, int generation) {
        this.aead = aead;
        this.scope = scope;
        this.place = place;
        this.generation = generation;
    }

    /** The number of the next datagram. */
    long next() {
        return next;
    }

    /** Writes what stands in front of the next datagram. */
    void writeHeader(byte[] target) {
        SealedHeader.write(target, scope, generation, place, next);
    }

    /** Does ahead what can be done for the next chunk, before it is known. */
    void prepare() {
        writeHeader(nextHeader);
        aead.prepare(Cipher.ENCRYPT_MODE, next, nextHeader);
    }

    /**
     * Seals a chunk.
     *
     * @param target gets header, ciphertext and tag
     * @return their bytes
     */
    int seal(byte[] chunk, int chunkBytes, byte[] target) {
        writeHeader(target);
        aead.seal(next, chunk, chunkBytes, target, SealedHeader.BYTES);
        next++;
        return chunkBytes + OVERHEAD_BYTES;
    }
}
