package io.camure.wire;

import java.nio.ByteBuffer;

/** What a status report says of the chunks behind the first missing one: a bit for each, the highest bit of a byte first. */
final class StatusBitmap {

    private StatusBitmap() {}

    /** How many bytes it has between the first missing chunk and the end, each given by its low 16 bits. */
    static int bytes(int firstMissing, int end) {
        int bits = (end - firstMissing & 0xFFFF) - 1;
        int most = ChunkWriter.STATUS_BITMAP_BYTES * Byte.SIZE;
        return (Math.max(0, Math.min(bits, most)) + Byte.SIZE - 1) / Byte.SIZE;
    }

    /**
     * @param start where it begins; it ends with the buffer at the latest
     * @param distance how far behind the first missing one: from 1 on
     */
    static boolean has(ByteBuffer report, int start, int distance) {
        int bit = distance - 1;
        int at = start + (bit >> 3);
        return at < report.limit() && (report.get(at) & 0x80 >> (bit & 7)) != 0;
    }
}
