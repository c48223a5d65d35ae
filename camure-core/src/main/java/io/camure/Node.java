package io.camure;

import io.camure.protocol.base.Format;
import java.net.InetSocketAddress;

/**
 * A node of a session, as another one knows it: a member at its coordinator, the coordinator at a member, and the members that are
 * named when a round is broken.
 *
 * <p>Two are equal when all three are: a node that was started anew is another one, also at the same address. Nodes that are
 * compared by where they are should be compared by {@link #address}, as not every message says all three.
 *
 * @param name what the node calls itself, by its configuration: at most 64 bytes in UTF-8, characters that can't be printed
 *     replaced by question marks. Nothing proves it, and two nodes may have the same. Empty when the node does not tell it, as
 *     nodes that speak only protocol 0.1 don't
 * @param address identifies the node in the session
 * @param incarnation tells this incarnation of the node from others at its address; 0 when that is not known
 */
public record Node(String name, InetSocketAddress address, long incarnation) {

    /** Name and address, such as {@code orders-7f9c (10.0.3.7:46064)}; the address alone when there is no name. */
    @Override
    public String toString() {
        return Format.node(name, address);
    }
}
