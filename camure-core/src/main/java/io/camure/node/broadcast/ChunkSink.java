package io.camure.node.broadcast;

import io.camure.wire.ChunkType;
import java.nio.ByteBuffer;

/** Where a message writer puts the chunks of its message: the group, as which it prints itself. */
interface ChunkSink {

    /**
     * Sends a chunk of a message as soon as there is room.
     *
     * @return how much of the message to put into the next one
     */
    int sendChunk(long number, ChunkType type, ByteBuffer payload) throws InterruptedException;

    /** Nothing more comes of a message, complete or not. */
    void endWriting(long number);
}
