package io.camure.test;

/** How a node on a host of its own is ended. */
final class PeerEnd {

    private PeerEnd() {}

    /** @param silently without that anybody hears of it, and at once */
    static void run(CamureTestHost host, boolean silently, Runnable close) {
        boolean wasInterrupted = Thread.interrupted();
        if (silently) {
            host.disconnect();
            // Ends each wait for an answer that can't come.
            Thread.currentThread().interrupt();
        }
        host.resume();
        try {
            close.run();
        } finally {
            Thread.interrupted();
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
        // For the next node on it.
        host.connect();
    }
}
