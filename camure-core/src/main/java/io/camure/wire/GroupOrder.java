package io.camure.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The extension field by which a coordinator tells in a GroupWelcome, behind its incarnation, which of the groups is meant that it has
 * created (u32, from 1 on), and the number of the next round or chunk in full (u64). Together with the term they order the rounds of a group.
 */
public final class GroupOrder {

    private static final int FIELD = 28;

    /** The epoch, the member id, the membership and the incarnation. */
    private static final int BEFORE_BYTES = Integer.BYTES + Short.BYTES + Integer.BYTES + Long.BYTES;

    private static final int FIELD_BYTES = Integer.BYTES + Long.BYTES;

    private GroupOrder() {}

    /** Adds it to a GroupWelcome with an incarnation. */
    public static void write(ByteBuffer target, int generation, long number) {
        target.put((byte) FIELD).put((byte) FIELD_BYTES).putInt(generation).putLong(number);
    }

    /** Which group it is, in the order of their creation: 1…4294967295, or 0 where that is not told. */
    public static long generation(ChunkReader welcome) {
        ByteBuffer value = find(welcome);
        return value == null ? 0 : Integer.toUnsignedLong(value.getInt());
    }

    /** The number of the next round or chunk, in full where that is told, and else its lowest 16 bits. */
    public static long number(ChunkReader welcome) {
        ByteBuffer value = find(welcome);
        long number = value == null ? 0 : value.getLong(value.position() + Integer.BYTES);
        return number >= 0 && (number & 0xFFFF) == welcome.sequence() ? number : welcome.sequence();
    }

    private static @Nullable ByteBuffer find(ChunkReader welcome) {
        ByteBuffer fields = welcome.fields();
        fields.position(Math.min(BEFORE_BYTES, fields.remaining()));
        while (fields.remaining() >= 2) {
            int type = fields.get() & 0xFF;
            int length = fields.get() & 0xFF;
            if (length > fields.remaining()) {
                return null;
            } else if (type == FIELD && length >= FIELD_BYTES) {
                return fields;
            }
            fields.position(fields.position() + length);
        }
        return null;
    }
}
