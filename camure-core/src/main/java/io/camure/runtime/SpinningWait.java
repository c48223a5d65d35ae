package io.camure.runtime;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.IOException;

/** Looks again and again, and leaves the processor to nobody meanwhile. */
final class SpinningWait implements WaitStrategy {

    private static final long SPINNING_NANOS = MILLISECONDS.toNanos(10);

    @Override
    public int look(Look look, long startNanos, long timeoutNanos) throws IOException {
        long budgetNanos = Math.min(timeoutNanos, SPINNING_NANOS);
        int received = 0;
        while (received == 0 && !look.isOver()) {
            Thread.onSpinWait();
            received = look.poll();
            if (look.nanoTime() - startNanos >= budgetNanos) {
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
