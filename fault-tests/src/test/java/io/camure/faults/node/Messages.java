package io.camure.faults.node;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Messages of mixed sizes, always the same ones for a seed: most fit into a datagram, some into a hundred, few are large.
 *
 * @param count how many
 * @param largest how many of them have the largest size
 * @param largestBytes the largest size
 */
public record Messages(long seed, int count, int largest, int largestBytes) implements Serializable {

    private static final int SMALL_BYTES = 1400;
    private static final int MEDIUM_BYTES = 1 << 16;
    private static final int LARGE_BYTES = 1 << 20;

    /** What messages are cut from: random bytes twice as long as the longest. */
    private static byte[] pool = {};

    /** Messages of at most 64 KiB. */
    public static Messages upToMedium(long seed, int count) {
        return new Messages(seed, count, 0, MEDIUM_BYTES);
    }

    byte[] message(int index) {
        SplittableRandom random = new SplittableRandom(seed + index);
        int bytes = size(index, random);
        byte[] source = pool(2 * largestBytes);
        int start = random.nextInt(2 * largestBytes - bytes);
        return Arrays.copyOfRange(source, start, start + bytes);
    }

    private int size(int index, SplittableRandom random) {
        if (largest > 0 && index % (count / largest) == 0) {
            return largestBytes;
        }
        int kind = random.nextInt(1000);
        int bound = kind < 950 ? SMALL_BYTES : kind < 999 ? MEDIUM_BYTES : LARGE_BYTES;
        return 1 + random.nextInt(Math.min(bound, largestBytes));
    }

    private static synchronized byte[] pool(int bytes) {
        if (pool.length < bytes) {
            pool = new byte[bytes];
            new Random(1).nextBytes(pool);
        }
        return pool;
    }
}
