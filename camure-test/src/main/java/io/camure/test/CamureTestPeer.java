package io.camure.test;

import java.net.InetSocketAddress;

/** A node of a {@link CamureTestNetwork} that a test directs: a real one, on a host of its own. Thread-safe. */
public sealed interface CamureTestPeer extends AutoCloseable permits CamureTestCoordinator, CamureTestMember {

    /** The name of the node and of its host. */
    String name();

    /** The address that identifies the node in its session. */
    InetSocketAddress address();

    /** What the node runs on: where to give it a bad cable. */
    CamureTestHost host();

    /**
     * Stops the node as a debugger or a long garbage collection does, until {@link #resume}; see {@link CamureTestHost#pause}.
     * It falls silent for the others. Calls of the node itself wait until it goes on.
     */
    default void pause() {
        host().pause();
    }

    /** Lets the node go on. */
    default void resume() {
        host().resume();
    }

    /** Ends the node as a power failure does: the others hear nothing of it any more, and no goodbye. */
    void crash();

    /** Whether the node is neither closed nor crashed. */
    boolean isRunning();

    /** Ends the node as it should be ended: it says goodbye. A paused one crashes. Idempotent. */
    @Override
    void close();
}
