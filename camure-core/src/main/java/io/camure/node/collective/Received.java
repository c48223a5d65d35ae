package io.camure.node.collective;

import io.camure.protocol.collective.Parts;
import java.util.List;

/**
 * What a node has got of a round.
 *
 * @param bytes what has become of the values; empty where this node is not told
 * @param rank which participant this node was
 */
record Received(byte[] bytes, int rank) {

    List<byte[]> parts() {
        return Parts.split(bytes, 0, bytes.length);
    }

    /** The part of this node. */
    byte[] ownPart() {
        return parts().get(rank);
    }
}
