package io.camure.protocol.collective;

import io.camure.wire.NodeIdentity;
import java.util.List;

/** What a node has got of the last round that it has arrived at and that was released; it stays until the node arrives again. */
public final class RoundResult {

    private final Bytes bytes;
    private boolean told;
    private List<NodeIdentity> participants = List.of();
    private int rank = -1;

    /** @param bytes what the result is written to */
    RoundResult(Bytes bytes) {
        this.bytes = bytes;
    }

    void set(boolean isTold, List<NodeIdentity> theyAre, int thisNode) {
        told = isTold;
        participants = theyAre;
        rank = thisNode;
    }

    /** What has become of the values; empty where this node is not told. */
    public Bytes bytes() {
        return bytes;
    }

    /** Whether this node is told. */
    public boolean isTold() {
        return told;
    }

    /** Who has taken part, by their ranks: the same list for all. */
    public List<NodeIdentity> participants() {
        return participants;
    }

    /** Which of them this node was; -1 for a coordinator that takes no part. */
    public int rank() {
        return rank;
    }
}
