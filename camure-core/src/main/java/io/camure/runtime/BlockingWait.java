package io.camure.runtime;

/** Sleeps at once. */
final class BlockingWait implements WaitStrategy {

    @Override
    public int look(Look look, long startNanos, long timeoutNanos) {
        return 0;
    }

    @Override
    public boolean napsInStream() {
        return true;
    }

    @Override
    public void onWaited(long waitedNanos) {
        // Nothing is learnt.
    }
}
