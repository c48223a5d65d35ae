package io.camure.faults.node;

import java.io.Serializable;

/** Something that a node does in its own process, and gives nothing back. */
@FunctionalInterface
public interface NodeAction extends Serializable {

    void run(Node node) throws Exception;
}
