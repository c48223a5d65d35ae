package io.camure.protocol.window;

import io.camure.wire.NodeIdentity;

/**
 * How far a receiver is, as its sender knows it.
 *
 * @param missingChunks how many of the chunks that were sent it has not acknowledged
 * @param keptChunks how many it keeps for its reader, as it told last
 * @param windowChunks how many it can keep; 0 when it does not tell, as legacy peers don't
 */
public record ReceiverUse(NodeIdentity node, int missingChunks, int keptChunks, int windowChunks) {}
