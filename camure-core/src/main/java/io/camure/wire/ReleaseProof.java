package io.camure.wire;

import java.nio.ByteBuffer;

/**
 * The nonce of a BarrierReleased, 8 bytes behind its other fields, which is echoed there by the BarrierReached or GroupAck that acknowledges
 * it; the same in collectives. Who has not received the release can't say it.
 */
public final class ReleaseProof {

    private ReleaseProof() {}

    /** Adds it to a BarrierReleased, a BarrierReached or a GroupAck of a release. */
    public static void put(ByteBuffer chunk, long nonce) {
        chunk.putLong(nonce);
    }

    /** The one of such a chunk; 0 without it. */
    public static long in(ChunkReader chunk) {
        int offset = offsetIn(chunk);
        return chunk.lengthBytes() < offset + Long.BYTES ? 0 : chunk.longAt(offset);
    }

    private static int offsetIn(ChunkReader chunk) {
        return chunk.type().minimumBytes()
                + switch (chunk.type()) {
                    case BARRIER_RELEASED, COLLECTIVE_RELEASED -> 2 * Short.BYTES + Integer.BYTES;
                    case BARRIER_REACHED, COLLECTIVE_REACHED -> 2 * Integer.BYTES;
                    default -> 1 + 2 * Integer.BYTES;
                };
    }

    /** Where what follows it begins. */
    static int endIn(ChunkReader chunk) {
        return offsetIn(chunk) + Long.BYTES;
    }
}
