package io.camure.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What stands in clear in front of a sealed chunk: the id, which key it is sealed under (u8, u16), and its number under that
 * key (u48). The ciphertext and a tag of 16 bytes follow.
 */
public final class SealedHeader {

    /** The bytes in front of the ciphertext. */
    public static final int BYTES = 10;

    /** The bytes behind it. */
    public static final int TAG_BYTES = ChunkType.SEALED.minimumBytes() - BYTES;

    /** How many generations of a key can be told apart: 0…63. */
    public static final int GENERATIONS = 1 << 6;

    private static final int KEY_ID = 1;
    private static final int PLACE = 2;
    private static final int NUMBER = 4;

    private SealedHeader() {}

    /** Whom a key is for. */
    public enum Scope {
        /** The coordinator and one member. */
        LINK,
        /** All members of the session. */
        SESSION,
        /** All members of a group. */
        GROUP;

        private static final Scope[] BY_BITS = values();
    }

    /**
     * @param place which link or group; 0 for the session
     * @param number 0…2⁴⁸ − 1
     */
    public static void write(byte[] target, Scope scope, int generation, int place, long number) {
        ByteBuffer.wrap(target)
                .put(ChunkType.SEALED.id())
                .put(key(scope, generation))
                .putShort((short) place)
                .putShort((short) (number >>> Integer.SIZE))
                .putInt((int) number);
    }

    /** Writes another number into a header. */
    public static void writeNumber(byte[] target, long number) {
        ByteBuffer.wrap(target)
                .putShort(NUMBER, (short) (number >>> Integer.SIZE))
                .putInt(NUMBER + Short.BYTES, (int) number);
    }

    /** The byte that tells a key from others of its place. */
    static byte key(Scope scope, int generation) {
        return (byte) (scope.ordinal() << 6 | generation);
    }

    /** Whether a datagram holds a sealed chunk, which may be too short. */
    public static boolean isIn(ByteBuffer datagram) {
        return datagram.hasRemaining() && datagram.get(datagram.position()) == ChunkType.SEALED.id();
    }

    /** Why a datagram is no sealed chunk, or {@code null} when it may be one. */
    public static @Nullable DropReason check(ByteBuffer datagram) {
        if (!isIn(datagram)) {
            return DropReason.UNSECURED;
        }
        return datagram.remaining() < BYTES + TAG_BYTES ? DropReason.TRUNCATED : null;
    }

    /** {@code null} for one that this version does not know. */
    public static @Nullable Scope scope(ByteBuffer datagram) {
        int bits = (datagram.get(datagram.position() + KEY_ID) & 0xFF) >>> 6;
        return bits < Scope.BY_BITS.length ? Scope.BY_BITS[bits] : null;
    }

    /** 0…63. */
    public static int generation(ByteBuffer datagram) {
        return datagram.get(datagram.position() + KEY_ID) & GENERATIONS - 1;
    }

    /** Which link or group: 0…65535. */
    public static int place(ByteBuffer datagram) {
        return datagram.getShort(datagram.position() + PLACE) & 0xFFFF;
    }

    /** The number of the datagram under its key: 0…2⁴⁸ − 1. */
    public static long number(ByteBuffer datagram) {
        int start = datagram.position() + NUMBER;
        return (long) (datagram.getShort(start) & 0xFFFF) << Integer.SIZE
                | Integer.toUnsignedLong(datagram.getInt(start + Short.BYTES));
    }
}
