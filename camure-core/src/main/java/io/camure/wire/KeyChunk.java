package io.camure.wire;

import java.nio.ByteBuffer;

/**
 * The chunks by which a coordinator has members open what is for all by another key: KeyChange, and the acknowledgement of it.
 * Each names the key as a {@link SealedHeader} does, and the epoch of the group (0 for the session).
 */
public final class KeyChunk {

    private static final int KEY = 1;
    private static final int PLACE = 2;
    private static final int EPOCH = 4;
    private static final int TOLD = 8;

    private KeyChunk() {}

    /**
     * Writes a KeyChange.
     *
     * @param told the key
     */
    public static void change(
            ByteBuffer target, SealedHeader.Scope scope, int generation, int place, int epoch, byte[] told) {
        name(target, ChunkType.KEY_CHANGE, scope, generation, place, epoch);
        target.put(told);
    }

    public static void acknowledgement(
            ByteBuffer target, SealedHeader.Scope scope, int generation, int place, int epoch) {
        name(target, ChunkType.KEY_CHANGE_ACK, scope, generation, place, epoch);
    }

    private static void name(
            ByteBuffer target, ChunkType type, SealedHeader.Scope scope, int generation, int place, int epoch) {
        target.put(type.id())
                .put(SealedHeader.key(scope, generation))
                .putShort((short) place)
                .putInt(epoch);
    }

    /** Whether the key is one of the session, and not of a group. */
    public static boolean isOfSession(ByteBuffer chunk) {
        return SealedHeader.scope(chunk) == SealedHeader.Scope.SESSION;
    }

    /** 0…63. */
    public static int generation(ByteBuffer chunk) {
        return chunk.get(chunk.position() + KEY) & SealedHeader.GENERATIONS - 1;
    }

    /** Which group: 0…65535. */
    public static int place(ByteBuffer chunk) {
        return chunk.getShort(chunk.position() + PLACE) & 0xFFFF;
    }

    public static int epoch(ByteBuffer chunk) {
        return chunk.getInt(chunk.position() + EPOCH);
    }

    /** In a KeyChange, the key as it is told. */
    public static byte[] told(ByteBuffer change) {
        byte[] told = new byte[change.remaining() - TOLD];
        change.get(change.position() + TOLD, told);
        return told;
    }
}
