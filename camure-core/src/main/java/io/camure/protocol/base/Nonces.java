package io.camure.protocol.base;

import java.util.random.RandomGenerator;

/**
 * A number for each chunk of a stream, or each round of a barrier, that only who has received that can know: SipHash-2-4 (Aumasson,
 * Bernstein 2012) of its sequence number, under a key of the group. A receiver proves what it has by the sum of the nonces, as in Savage
 * et al., "TCP Congestion Control with a Misbehaving Receiver" (1999); so nothing has to be kept of those that are done. Making one allocates
 * nothing.
 */
public final class Nonces {

    private final long firstKey;
    private final long secondKey;
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    Nonces(long firstKey, long secondKey) {
        this.firstKey = firstKey;
        this.secondKey = secondKey;
    }

    /** @param random gives the key; unpredictable in a real session */
    public static Nonces random(RandomGenerator random) {
        return new Nonces(random.nextLong(), random.nextLong());
    }

    /** Those of a key that only who is to know the nonces knows. */
    public static Nonces of(long firstKey, long secondKey) {
        return new Nonces(firstKey, secondKey);
    }

    /** Of the chunk or round with a number. */
    public long of(long sequence) {
        v0 = firstKey ^ 0x736f6d6570736575L;
        v1 = secondKey ^ 0x646f72616e646f6dL;
        v2 = firstKey ^ 0x6c7967656e657261L;
        v3 = secondKey ^ 0x7465646279746573L;
        compress(sequence);
        // The last word has the length of what is hashed: 8 bytes.
        compress((long) Long.BYTES << 56);
        v2 ^= 0xFF;
        for (int i = 0; i < 4; i++) {
            round();
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private void compress(long word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }

    private void round() {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
    }
}
