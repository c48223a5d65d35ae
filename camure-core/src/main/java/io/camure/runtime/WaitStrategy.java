package io.camure.runtime;

import java.io.IOException;

/**
 * What the driving thread does before it sleeps until a datagram arrives, since to be woken costs more than a round trip. For
 * one thread at a time.
 */
interface WaitStrategy {

    /**
     * Looks for datagrams for a while, and does not sleep.
     *
     * @param look how to look
     * @param startNanos when the wait has begun
     * @param timeoutNanos how long to look at most
     * @return how many datagrams there are to be handed over
     */
    int look(Look look, long startNanos, long timeoutNanos) throws IOException;

    /** Whether to take a short sleep now, in the middle of a stream, after which there are several datagrams to take. */
    boolean napsInStream();

    /** A wait without a nap has ended with datagrams. */
    void onWaited(long waitedNanos);

    /** One look for datagrams, and what there is to know while nothing comes. */
    interface Look {

        /** As {@link io.camure.transport.DatagramPort#poll}. */
        int poll() throws IOException;

        /** Whether there is no use in looking again: somebody wants the thread. */
        boolean isOver();

        long nanoTime();
    }
}
