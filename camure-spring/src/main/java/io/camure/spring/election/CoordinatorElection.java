package io.camure.spring.election;

import io.camure.CoordinatorLease;
import java.io.IOException;
import java.util.Optional;

/**
 * Sees to it that at most one node of a session coordinates it at a time, by something that can agree: a database, a service, the
 * platform. There is one for each session with {@code camure.role: auto}; a bean of this type takes the place of the engines that
 * camure knows. Thread-safe.
 */
public interface CoordinatorElection {

    /**
     * Offers a node as coordinator, until that is taken back. It may be elected and replaced any number of times.
     *
     * @param candidate who offers itself, with term 0
     * @param listener told what comes of it, one call after the other
     */
    Registration campaign(CoordinatorRecord candidate, Listener listener);

    /**
     * Who coordinates now, as far as can be known. May ask others, and wait for them.
     *
     * @throws IOException when that can't be found out now
     */
    Optional<CoordinatorRecord> current() throws IOException;

    /** Whether somebody can be elected only once the application has started, so that a start can't wait for it. */
    default boolean needsStartedApplication() {
        return false;
    }

    /** What a node is told that offers itself. */
    interface Listener {

        /**
         * The node is elected, and coordinates when this returns.
         *
         * @param term higher than each before; 0 from an engine without terms
         * @param lease for how long it may coordinate without hearing of it again
         * @throws RuntimeException when it can't coordinate: the engine has to let another one be elected
         */
        void onElected(long term, CoordinatorLease lease);

        /**
         * The node is elected no more. It does not coordinate when this returns. Harmless when it was not.
         *
         * @param why for people
         */
        void onLost(String why);

        /**
         * The highest term that the node knows of, which those are not below that know it, too: an engine elects in higher ones, also when it
         * has lost its own count. 0 for none.
         */
        default long highestTerm() {
            return 0;
        }
    }

    /** A node's offer. */
    @FunctionalInterface
    interface Registration extends AutoCloseable {

        /** Takes the offer back, and lets another node be elected at once. Idempotent; leaves no thread. */
        @Override
        void close();
    }
}
