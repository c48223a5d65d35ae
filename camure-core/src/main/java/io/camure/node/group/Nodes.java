package io.camure.node.group;

import io.camure.Node;
import io.camure.wire.NodeIdentity;
import java.util.List;

/** What users get of the nodes that the protocol knows. */
public final class Nodes {

    private Nodes() {}

    public static Node of(NodeIdentity node) {
        return new Node(node.name(), node.address(), node.incarnation());
    }

    /** Allocates nothing for none, as with most rounds. */
    public static List<Node> of(List<NodeIdentity> nodes) {
        return nodes.isEmpty() ? List.of() : nodes.stream().map(Nodes::of).toList();
    }
}
