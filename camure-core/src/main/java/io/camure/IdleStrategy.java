package io.camure;

/** How a thread that waits for the network does so. */
public enum IdleStrategy {

    /**
     * Looks again and again for a time that is learnt from recent waits, then sleeps; sleeps at once while others want the
     * processor, or where there is only one.
     */
    ADAPTIVE,

    /** Sleeps until a datagram arrives. Costs the least processor time, and a wake-up for each wait. */
    BLOCKING,

    /** Looks again and again, for up to 10 ms. The fastest where each waiting thread has a processor to itself. */
    SPINNING
}
