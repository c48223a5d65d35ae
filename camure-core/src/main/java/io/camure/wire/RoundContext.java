package io.camure.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The context in a trace that a BarrierReached or BarrierReleased has behind its {@link ReleaseProof}, which is 0 then if there is none: 25
 * bytes, those of the W3C's traceparent (Trace Context, section 3.2), trace id, span id and flags.
 */
public final class RoundContext {

    public static final int BYTES = 25;

    private RoundContext() {}

    /**
     * Adds one to a BarrierReached or BarrierReleased that has its proof.
     *
     * @param context {@value #BYTES} bytes
     */
    public static void put(ByteBuffer chunk, byte[] context) {
        chunk.put(context);
    }

    /** The one of such a chunk; {@code null} without it. */
    public static byte @Nullable [] in(ChunkReader chunk) {
        int offset = ReleaseProof.endIn(chunk);
        if (chunk.lengthBytes() < offset + BYTES) {
            return null;
        }
        ByteBuffer context = ByteBuffer.allocate(BYTES);
        for (int read = 0; read + Long.BYTES <= BYTES; read += Long.BYTES) {
            context.putLong(chunk.longAt(offset + read));
        }
        return context.put((byte) chunk.byteAt(offset + BYTES - 1)).array();
    }
}
