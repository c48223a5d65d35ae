package io.camure.wire;

/** Which way a stream of chunks goes, which says what its chunks are called. */
public enum StreamDirection {
    /** From the coordinator to the members of a group; tagged chunks say the epoch. */
    DOWN(ChunkType.BROADCAST_NONCED, ChunkType.BROADCAST_QUERY),
    /** From a member to the coordinator; chunks say the membership where those of the coordinator say the epoch. */
    UP(ChunkType.UPLINK, ChunkType.UPLINK_QUERY);

    private final ChunkType nonced;
    private final ChunkType query;

    StreamDirection(ChunkType nonced, ChunkType query) {
        this.nonced = nonced;
        this.query = query;
    }

    /** What has a nonce. */
    ChunkType nonced() {
        return nonced;
    }

    /** What asks for a status report. */
    ChunkType query() {
        return query;
    }
}
