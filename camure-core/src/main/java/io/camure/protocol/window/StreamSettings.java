package io.camure.protocol.window;

import io.camure.protocol.base.Nonces;
import io.camure.wire.StreamDirection;

/**
 * What a send window needs to know of the stream of chunks that it sends.
 *
 * @param direction whose stream it is
 * @param group the id of the group that the stream belongs to
 * @param tag tells the stream from others of a group with that id: the epoch of the group, or the membership of the member
 * @param firstSequence the number of the first chunk
 * @param nonces by which receivers prove what they have
 * @param windowChunks how many chunks are kept, from the first on that some receiver lacks
 * @param chunkBytes the largest chunk, its header included
 * @param patienceNanos how long a receiver may hold the others up before it is called slow
 */
public record StreamSettings(
        StreamDirection direction,
        int group,
        int tag,
        long firstSequence,
        Nonces nonces,
        int windowChunks,
        int chunkBytes,
        long patienceNanos) {}
