package io.camure.faults.node;

import java.io.Serializable;

/** Something that a node does in its own process. */
@FunctionalInterface
public interface NodeTask<T extends Serializable> extends Serializable {

    T run(Node node) throws Exception;
}
