package io.camure.spring.election;

import io.camure.Node;
import java.net.InetSocketAddress;

/**
 * Who coordinates a session, or offers to.
 *
 * @param term in which it was elected, higher than that of everybody before; 0 of a candidate, and from an engine without terms
 * @param node what the node is called
 * @param address where members reach it
 */
public record CoordinatorRecord(long term, Node node, InetSocketAddress address) {

    /** The same, once it is elected. */
    public CoordinatorRecord inTerm(long elected) {
        return new CoordinatorRecord(elected, node, address);
    }
}
