package io.camure.spring.boot.autoconfigure;

import io.camure.spring.election.CoordinatorElection;
import java.time.Duration;

/**
 * Something by which the instances of an application can elect the one that coordinates a session. Each bean of this type is one
 * that {@code camure.election.engine} can name.
 */
public interface ElectionEngine {

    /** As in {@code camure.election.engine}. */
    String name();

    /** Whether it is only to be used where {@code camure.election.engine} names it: that it is there says nothing. */
    default boolean mustBeNamed() {
        return false;
    }

    /**
     * Makes the election of a session.
     *
     * @param name which election it is, among all that the engine holds
     * @param lease for how long the elected instance may go on without hearing that it still is the one
     */
    CoordinatorElection election(String name, Duration lease);
}
