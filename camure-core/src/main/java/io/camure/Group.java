package io.camure;

import java.util.Optional;

/** A node's side of a barrier, collective or broadcast group. */
public interface Group extends AutoCloseable {

    /** The id of the group in its session: 0…65535. */
    int id();

    /** Whether this node is in the group, so that rounds and messages can pass. */
    boolean isOpen();

    /**
     * Why a member is out of the group against its will, and what is tried next; empty while it is in, once it has closed the group
     * itself, and at the coordinator.
     */
    default Optional<Loss> loss() {
        return Optional.empty();
    }

    /**
     * Ends the group at its coordinator, or leaves it at a member. Waits for the other nodes, up to 1.5 s at the coordinator
     * and 0.25 s at a member. With members that speak protocol 0.1 the coordinator waits longer, see
     * {@link CoordinatorConfig.Builder#legacyLinger}. Idempotent; waiting callers fail at once.
     */
    @Override
    void close();
}
