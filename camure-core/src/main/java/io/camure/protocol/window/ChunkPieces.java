package io.camure.protocol.window;

import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkWriter;
import io.camure.wire.PathChunks;
import java.nio.ByteBuffer;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The pieces of chunks that have come to a member, until all of a chunk are there. There is room for the pieces of some chunks; who
 * is dropped for others comes again.
 */
public final class ChunkPieces {

    /** A power of two, so that a place costs a mask. Pieces of a chunk are sent together, so that few are incomplete at a time. */
    private static final int PLACES = 16;

    private static final long NONE = Long.MIN_VALUE;

    private final int chunkBytes;
    private final @Nullable Place[] places = new Place[PLACES];
    private final ChunkReader whole = new ChunkReader();

    /** The bytes of a chunk, and which of them are there. */
    private static final class Place {
        private final ByteBuffer bytes;
        private final BitSet there = new BitSet();
        private long sequence = NONE;

        private Place(int chunkBytes) {
            bytes = ByteBuffer.allocate(chunkBytes);
        }

        private void begin(long newSequence, int wholeBytes) {
            sequence = newSequence;
            there.clear();
            bytes.clear().limit(wholeBytes);
        }
    }

    /** @param chunkBytes the largest chunk */
    public ChunkPieces(int chunkBytes) {
        this.chunkBytes = chunkBytes;
    }

    /** Whether a piece says of itself what can't be. */
    public boolean isBroken(ChunkReader piece) {
        return PathChunks.wholeBytes(piece) > chunkBytes
                || PathChunks.wholeBytes(piece) <= ChunkWriter.BROADCAST_HEADER_BYTES
                || PathChunks.offset(piece) + piece.payloadBytes() > PathChunks.wholeBytes(piece);
    }

    /**
     * Takes a piece that is not broken.
     *
     * @param sequence which chunk it is of, which its 16 bits alone do not tell
     * @return the chunk, as long as no other piece is taken, or {@code null} while some of it are missing
     */
    public @Nullable ChunkReader take(ChunkReader piece, long sequence) {
        int index = (int) sequence & PLACES - 1;
        Place place = places[index];
        if (place == null) {
            place = new Place(chunkBytes);
            places[index] = place;
        }
        if (place.sequence != sequence || place.bytes.limit() != PathChunks.wholeBytes(piece)) {
            place.begin(sequence, PathChunks.wholeBytes(piece));
        }
        piece.copyPayload(place.bytes.array(), PathChunks.offset(piece));
        place.there.set(PathChunks.offset(piece), PathChunks.offset(piece) + piece.payloadBytes());
        if (place.there.nextClearBit(0) < PathChunks.wholeBytes(piece)) {
            return null;
        }
        place.sequence = NONE;
        boolean readable = whole.read(place.bytes.position(0)) == null
                && whole.type().isBroadcast()
                && whole.group() == piece.group()
                && whole.sequence() == piece.sequence();
        return readable ? whole : null;
    }
}
