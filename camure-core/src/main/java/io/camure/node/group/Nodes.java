package io.camure.node.group;

import io.camure.Node;
import io.camure.protocol.base.Format;
import io.camure.wire.NodeIdentity;
import java.util.List;
import java.util.stream.Collectors;

/** What users get of the nodes that the protocol knows. */
public final class Nodes {

    /** A message names no more nodes than these. */
    private static final int NAMED_NODES = 10;

    private Nodes() {}

    public static Node of(NodeIdentity node) {
        return new Node(node.name(), node.address(), node.incarnation());
    }

    /** Allocates nothing for none, as with most rounds. */
    public static List<Node> of(List<NodeIdentity> nodes) {
        return nodes.isEmpty() ? List.of() : nodes.stream().map(Nodes::of).toList();
    }

    /** The first few by their names and addresses, and how many more there are. */
    public static String listed(List<NodeIdentity> nodes) {
        String named = nodes.stream().limit(NAMED_NODES).map(Format::node).collect(Collectors.joining(", "));
        return nodes.size() <= NAMED_NODES ? named : named + " and " + (nodes.size() - NAMED_NODES) + " more";
    }
}
