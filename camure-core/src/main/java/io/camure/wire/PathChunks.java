package io.camure.wire;

/** What is in PathProbes and BroadcastPieces, which a {@link ChunkReader} has read. */
public final class PathChunks {

    private static final int FLAGS = 5;
    private static final int WHOLE_BYTES = 9;
    private static final int OFFSET = 11;

    private PathChunks() {}

    /** Whether a PathProbe went to the multicast address. */
    public static boolean isToGroup(ChunkReader probe) {
        return (probe.byteAt(FLAGS) & ChunkWriter.PATH_TO_GROUP) != 0;
    }

    /** Whether a PathProbe asks for a report of its round. */
    public static boolean asksForReport(ChunkReader probe) {
        return (probe.byteAt(FLAGS) & ChunkWriter.PATH_ASKS) != 0;
    }

    /** The bytes of the whole chunk that a BroadcastPiece is of. */
    public static int wholeBytes(ChunkReader piece) {
        return unsignedShort(piece, WHOLE_BYTES);
    }

    /** How many bytes of the whole chunk are in front of those that a BroadcastPiece has behind its header. */
    public static int offset(ChunkReader piece) {
        return unsignedShort(piece, OFFSET);
    }

    private static int unsignedShort(ChunkReader chunk, int offset) {
        return chunk.byteAt(offset) << Byte.SIZE | chunk.byteAt(offset + 1);
    }
}
