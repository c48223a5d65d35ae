package io.camure;

/** How a thread waits for the network. */
public enum IdleStrategy {

    /**
     * Polls for a time learnt from recent waits, then sleeps. Sleeps at once while other threads want the processor, or if
     * there is only one processor.
     */
    ADAPTIVE,

    /** Sleeps until a datagram arrives. Takes the least processor time, but each wait costs a wake-up. */
    BLOCKING,

    /** Polls for up to 10 ms, then sleeps. The fastest if each waiting thread has a processor to itself. */
    SPINNING
}
