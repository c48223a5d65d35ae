package io.camure.protocol.window;

import io.camure.protocol.base.Nonces;

/**
 * What a send window needs to know of the stream of chunks that it sends.
 *
 * @param group the id of the group that the stream belongs to
 * @param epoch tells the group from others with its id
 * @param firstSequence the number of the first chunk
 * @param nonces by which receivers prove what they have
 * @param windowChunks how many chunks are kept, from the first on that some receiver lacks
 * @param chunkBytes the largest chunk, its header included
 * @param patienceNanos how long a receiver may hold the others up before it is called slow
 */
public record StreamSettings(
        int group,
        int epoch,
        long firstSequence,
        Nonces nonces,
        int windowChunks,
        int chunkBytes,
        long patienceNanos) {}
