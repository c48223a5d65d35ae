package io.camure.wire;

import java.nio.ByteBuffer;

/** What a chunk with data of a broadcast has in front of them; each kind is understood by fewer nodes than the one before. */
public enum ChunkHeader {
    /** That of protocol 0.1. */
    PLAIN(ChunkType.BROADCAST_MESSAGE),
    /** Says also of which epoch the chunk is. */
    TAGGED(ChunkType.BROADCAST_TAGGED),
    /** Has also a nonce, by which a receiver proves that it has the chunk. */
    NONCED(ChunkType.BROADCAST_NONCED);

    private final int bytes;

    ChunkHeader(ChunkType chunk) {
        bytes = chunk.minimumBytes();
    }

    /** How long it is. */
    public int bytes() {
        return bytes;
    }

    /** Whether who understands this one understands another one, too. */
    public boolean includes(ChunkHeader other) {
        return compareTo(other) >= 0;
    }

    /** This one or another one: that which more nodes understand. */
    public ChunkHeader and(ChunkHeader other) {
        return includes(other) ? other : this;
    }

    /**
     * The one in front of data that need so much room: this one, or a shorter one.
     *
     * @param chunkBytes what gets to all
     * @param mostBytes what no chunk is longer than; it tells the epoch as long as there is room for that, as members may insist
     */
    public ChunkHeader inFrontOf(int dataBytes, int chunkBytes, int mostBytes) {
        if (dataBytes + bytes <= chunkBytes) {
            return this;
        }
        return dataBytes + TAGGED.bytes <= mostBytes ? and(TAGGED) : PLAIN;
    }

    /**
     * Writes that of a chunk of the coordinator.
     *
     * @param type what is behind the header
     * @param epoch the same as in the welcome, unless this is the plain one
     * @param nonce if this is the one with a nonce
     */
    public void write(ByteBuffer target, ChunkType type, int group, long sequence, int epoch, long nonce) {
        write(target, StreamDirection.DOWN, type, group, sequence, epoch, nonce);
    }

    /**
     * Writes it.
     *
     * @param direction one that goes up has no header without a nonce
     * @param tag the epoch or the membership, as the direction wants it, unless this is the plain one
     */
    public void write(
            ByteBuffer target,
            StreamDirection direction,
            ChunkType type,
            int group,
            long sequence,
            int tag,
            long nonce) {
        switch (this) {
            case PLAIN -> ChunkWriter.sequenced(target, type, group, sequence);
            case TAGGED -> ChunkWriter.tagged(target, type, group, sequence, tag);
            case NONCED -> {
                ChunkWriter.sequenced(target, direction.nonced(), group, sequence);
                target.putInt(tag).put(type.id()).putLong(nonce);
            }
        }
    }

    /** The nonce of a chunk with data; 0 of one without. */
    public static long nonceOf(ChunkReader chunk) {
        int id = chunk.byteAt(0);
        boolean nonced = id == ChunkType.BROADCAST_NONCED.id() || id == ChunkType.UPLINK.id();
        return nonced ? chunk.longAt(ChunkType.BROADCAST_TAGGED.minimumBytes()) : 0;
    }
}
