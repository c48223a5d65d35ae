package io.camure.benchmarks.peers;

import java.util.concurrent.Semaphore;

/**
 * Holds a sender back where a system does not: members acknowledge what they have, and no more than the window is on its
 * way. Small messages take more of it than their bytes, as they cost more.
 */
final class Window {

    private static final long SIZE = 8 << 20;
    private static final long ACKNOWLEDGE_EVERY = 1 << 20;
    private static final long MESSAGE_OVERHEAD = 1000;

    private final int members;
    private final Semaphore acknowledged = new Semaphore(0);
    private long unacknowledged;

    Window(int members) {
        this.members = members;
    }

    /** To be called at an acknowledgement of any member, by any thread. */
    void onAcknowledged() {
        acknowledged.release();
    }

    /** Waits until there is room for a message of so many bytes. */
    void take(int length) throws InterruptedException {
        unacknowledged += length + MESSAGE_OVERHEAD;
        while (unacknowledged > SIZE) {
            // Members acknowledge at the same messages, but one may be ahead by the whole window.
            acknowledged.acquire(members);
            unacknowledged -= ACKNOWLEDGE_EVERY;
        }
    }

    /** A member's count of what it has to acknowledge. */
    static final class Received {

        private final Runnable acknowledge;
        private long unacknowledged;

        Received(Runnable acknowledge) {
            this.acknowledge = acknowledge;
        }

        void onMessage(int length) {
            unacknowledged += length + MESSAGE_OVERHEAD;
            while (unacknowledged >= ACKNOWLEDGE_EVERY) {
                unacknowledged -= ACKNOWLEDGE_EVERY;
                acknowledge.run();
            }
        }
    }
}
