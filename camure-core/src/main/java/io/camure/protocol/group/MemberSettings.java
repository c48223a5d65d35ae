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
 * @param sessionName which session the node is to be in; empty for one without a name
 * @param interfaceBytes the longest datagram that the node's network interface takes in one piece; 0 when that is not known
 * @param lowestTerm no session is joined whose coordinator was elected in a lower term; 0 for any
 */
public record MemberSettings(
        InetSocketAddress coordinatorAddress,
        long coordinatorTimeoutNanos,
        int windowChunks,
        int receiveBufferBytes,
        String name,
        String sessionName,
        int interfaceBytes,
        long lowestTerm) {

    /** Those of a node that was in no session yet. */
    public MemberSettings(
            InetSocketAddress coordinatorAddress,
            long coordinatorTimeoutNanos,
            int windowChunks,
            int receiveBufferBytes,
            String name,
            String sessionName,
            int interfaceBytes) {
        this(
                coordinatorAddress,
                coordinatorTimeoutNanos,
                windowChunks,
                receiveBufferBytes,
                name,
                sessionName,
                interfaceBytes,
                0);
    }

    /** Those of a node that does not know its network interface. */
    public MemberSettings(
            InetSocketAddress coordinatorAddress,
            long coordinatorTimeoutNanos,
            int windowChunks,
            int receiveBufferBytes,
            String name,
            String sessionName) {
        this(coordinatorAddress, coordinatorTimeoutNanos, windowChunks, receiveBufferBytes, name, sessionName, 0);
    }

    /** Those of a node whose session has no name. */
    public MemberSettings(
            InetSocketAddress coordinatorAddress,
            long coordinatorTimeoutNanos,
            int windowChunks,
            int receiveBufferBytes,
            String name) {
        this(coordinatorAddress, coordinatorTimeoutNanos, windowChunks, receiveBufferBytes, name, "");
    }
}
