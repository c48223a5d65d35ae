package io.camure.wire;

import java.nio.ByteBuffer;

/**
 * What an arrival at a collective, or its release, has in place of a value or result that is too long for it: the number of the first chunk
 * of the message which that is (u16), and its length (u32). It is at the end of the chunk, and told by the byte that says whether there is a
 * value.
 */
public final class LongValue {

    /** How many bytes it has. */
    public static final int BYTES = Short.BYTES + Integer.BYTES;

    private LongValue() {}

    /**
     * Adds it to an arrival or a release, which begins with the first byte of the buffer and says that there is a value.
     *
     * @param length of the value, in bytes
     */
    public static void put(ByteBuffer chunk, long firstSequence, int length) {
        CollectiveChunks.putElsewhere(chunk);
        chunk.putShort((short) firstSequence).putInt(length);
    }

    /** Whether an arrival or a release has it, which is whole. */
    public static boolean isIn(ChunkReader chunk) {
        return CollectiveChunks.bodyBytes(chunk) >= BYTES && CollectiveChunks.isElsewhere(chunk);
    }

    /** The number of the first chunk: 0…65535. */
    public static int firstSequence(ChunkReader chunk) {
        int at = chunk.lengthBytes() - BYTES;
        return chunk.byteAt(at) << Byte.SIZE | chunk.byteAt(at + 1);
    }

    /** How long the value is, in bytes: 0…4,294,967,295. */
    public static long length(ChunkReader chunk) {
        return chunk.longAt(chunk.lengthBytes() - Long.BYTES) & 0xFFFF_FFFFL;
    }
}
