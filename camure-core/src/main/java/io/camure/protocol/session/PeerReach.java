package io.camure.protocol.session;

import io.camure.protocol.group.Peer;
import io.camure.wire.NodeIdentity;
import java.util.List;

/** How what is sent gets to the nodes of a session, now. */
public final class PeerReach {

    private final PeerTable peers;

    /**
     * The longest datagram that is sent to a node.
     *
     * @param bytes without the headers of IP and UDP
     * @param lowered whether it is less than what networks are expected to take
     */
    public record PathOf(NodeIdentity node, int bytes, boolean lowered) {}

    PeerReach(PeerTable peers) {
        this.peers = peers;
    }

    /** How many nodes are served by unicast. */
    public int servedByUnicast() {
        return (int)
                peers.all().stream().filter(peer -> !peer.hearing().hears()).count();
    }

    /** The nodes that do not hear group traffic although they ought to. */
    public List<NodeIdentity> deaf() {
        return peers.all().stream()
                .filter(peer -> peer.hearing().isDeaf())
                .map(Peer::identity)
                .toList();
    }

    /** The path of each node. */
    public List<PathOf> paths() {
        return peers.all().stream()
                .map(peer -> new PathOf(
                        peer.identity(), peer.path().bytes(), peer.path().isLowered()))
                .toList();
    }
}
