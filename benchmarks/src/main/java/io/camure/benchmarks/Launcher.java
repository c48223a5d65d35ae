package io.camure.benchmarks;

import java.nio.file.Path;
import java.util.List;

/** Starts the nodes of a set. */
interface Launcher {

    /** Starts all nodes and adds each to the list, the coordinator first, when it is there. */
    void launch(Cell cell, Addresses addresses, List<NodeProcess> nodes) throws CellFailure, InterruptedException;

    /** How many deoptimizations the nodes have logged so far. */
    long deoptimizations();

    /** What a node is called in messages. */
    static String nameOf(int node) {
        return node == 0 ? "the coordinator" : "member " + node;
    }

    /** What a node may make for itself. */
    static Path directoryOf(Setup setup, int node) {
        return setup.directory().resolve("node-" + node);
    }
}
