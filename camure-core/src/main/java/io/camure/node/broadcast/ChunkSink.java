package io.camure.node.broadcast;

import java.nio.ByteBuffer;

/** Where a message writer puts the parts of its message: the group, as which it prints itself. */
interface ChunkSink {

    /**
     * Sends the next part of a message as soon as there is room: in one chunk, or in several when it has come to be too long.
     *
     * @param first whether the message begins with it
     * @param last whether it ends with it
     * @param headerBytes how many of its bytes are the headers of the message, if it begins with it; left out for members that don't
     *     know them
     * @param part what is between its position and limit, which is taken
     * @return how much of the message to put into the next one
     */
    int sendPart(long number, boolean first, boolean last, int headerBytes, ByteBuffer part)
            throws InterruptedException;

    /** Nothing more comes of a message, complete or not. */
    void endWriting(long number);
}
