package io.camure.protocol.group;

import java.net.InetSocketAddress;

/**
 * What a member's state machines need to know.
 *
 * @param coordinatorAddress who is believed
 * @param coordinatorTimeoutNanos how long the coordinator may be silent before the session is taken for lost
 * @param windowChunks how many chunks of a broadcast group are kept for the reader
 * @param receiveBufferBytes what the node's sockets can hold, as their kernel counts it
 * @param name what the node tells the coordinator to call it
 */
public record MemberSettings(
        InetSocketAddress coordinatorAddress,
        long coordinatorTimeoutNanos,
        int windowChunks,
        int receiveBufferBytes,
        String name) {}
