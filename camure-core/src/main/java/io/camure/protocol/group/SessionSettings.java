package io.camure.protocol.group;

import io.camure.protocol.base.PathSizes;
import io.camure.wire.GroupDelivery;
import java.net.InetSocketAddress;

/**
 * What a coordinator's state machines need to know.
 *
 * @param multicastAddress where group traffic goes, if any is sent by multicast
 * @param pathSizes how long datagrams may be
 * @param heartbeatIntervalNanos how long a member may be silent before it sends a heartbeat
 * @param memberTimeoutNanos how long a member may be silent before it is taken for dead
 * @param legacyLingerNanos how long the end of a group is kept from legacy members that have not left it
 * @param maximumMembers how many members the session has at most
 * @param windowChunks how many chunks of a broadcast may be on their way
 * @param receiveBufferBytes what the coordinator's socket can hold, as its kernel counts it
 * @param name what the node tells members to call it
 * @param delivery how what is for all in a group gets to them
 * @param acceptsLegacy whether nodes are let in that can't prove their address: legacy peers, and earlier builds
 */
public record SessionSettings(
        InetSocketAddress multicastAddress,
        PathSizes pathSizes,
        long heartbeatIntervalNanos,
        long memberTimeoutNanos,
        long legacyLingerNanos,
        int maximumMembers,
        int windowChunks,
        int receiveBufferBytes,
        String name,
        GroupDelivery delivery,
        boolean acceptsLegacy) {

    /** The largest datagram of all, which members are told. */
    public int chunkSizeBytes() {
        return pathSizes.mostBytes();
    }
}
