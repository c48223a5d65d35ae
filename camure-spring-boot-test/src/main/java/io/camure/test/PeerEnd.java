package io.camure.test;

/** How a node on a host of its own is ended. */
final class PeerEnd {

    private PeerEnd() {}

    /** @param silently without that anybody hears of it */
    static void run(CamureTestHost host, boolean silently, Runnable close) {
        if (silently) {
            host.disconnect();
        }
        host.resume();
        close.run();
        // For the next node on it.
        host.connect();
    }
}
