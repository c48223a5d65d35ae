package io.camure.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The context in a trace that an arrival or a release has: 25 bytes, those of the W3C's traceparent (Trace Context, section 3.2), trace id,
 * span id and flags. A barrier's has it behind its {@link ReleaseProof}, which is 0 then if there is none; where a collective's has it, says
 * {@link CollectiveChunks}.
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

    /** The one of a BarrierReached or BarrierReleased; {@code null} without it. */
    public static byte @Nullable [] in(ChunkReader chunk) {
        int offset = ReleaseProof.endIn(chunk);
        return chunk.lengthBytes() < offset + BYTES ? null : at(chunk, offset);
    }

    static byte[] at(ChunkReader chunk, int offset) {
        ByteBuffer context = ByteBuffer.allocate(BYTES);
        for (int read = 0; read + Long.BYTES <= BYTES; read += Long.BYTES) {
            context.putLong(chunk.longAt(offset + read));
        }
        return context.put((byte) chunk.byteAt(offset + BYTES - 1)).array();
    }
}
