package io.camure.runtime;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.IOException;

/** Looks again and again, and leaves the processor to nobody meanwhile. */
final class SpinningWait implements WaitStrategy {

    private static final long SPINNING_NANOS = MILLISECONDS.toNanos(10);

    @Override
    public int look(NetworkWait wait, long startNanos, long timeoutNanos) throws IOException {
        long budgetNanos = Math.min(timeoutNanos, SPINNING_NANOS);
        int received = 0;
        while (received == 0 && !wait.isOver()) {
            Thread.onSpinWait();
            received = wait.poll();
            if (wait.nanoTime() - startNanos >= budgetNanos) {
                break;
            }
        }
        return received;
    }

    @Override
    public boolean napsInStream() {
        return false;
    }

    @Override
    public void onWaited(long waitedNanos) {
        // Nothing is learnt.
    }
}
