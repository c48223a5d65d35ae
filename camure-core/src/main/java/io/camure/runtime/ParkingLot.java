package io.camure.runtime;

import io.camure.transport.Execution;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;

/**
 * Where threads wait for something that is none of a session's state, and so no business of its driver: parked by the
 * node's {@link Execution}, so that a simulation sees them wait. Thread-safe.
 */
public final class ParkingLot {

    private final Execution execution;
    private final Queue<Thread> parked = new ConcurrentLinkedQueue<>();

    public ParkingLot(Execution execution) {
        this.execution = execution;
    }

    /**
     * Waits until a condition holds.
     *
     * @param condition is looked at by the caller's thread alone; who makes it hold calls {@link #unparkAll} behind that
     * @param timeoutNanos nothing is waited for at zero or less
     * @return whether it holds; {@code false} after the timeout
     */
    public boolean await(BooleanSupplier condition, long timeoutNanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return condition.getAsBoolean() || park(condition, timeoutNanos);
    }

    private boolean park(BooleanSupplier condition, long timeoutNanos) throws InterruptedException {
        Thread self = Thread.currentThread();
        long startNanos = execution.nanoTime();
        long leftNanos = timeoutNanos;
        parked.add(self);
        try {
            // Once more: only from now on is this thread woken.
            while (!condition.getAsBoolean()) {
                if (leftNanos <= 0) {
                    return false;
                }
                execution.parkNanos(this, leftNanos);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                leftNanos = timeoutNanos - (execution.nanoTime() - startNanos);
            }
            return true;
        } finally {
            parked.remove(self);
        }
    }

    /** Lets time pass. */
    public void sleep(long nanos) throws InterruptedException {
        await(() -> false, nanos);
    }

    /** Has all who wait look at their conditions. Does not wait. */
    public void unparkAll() {
        // Nothing is allocated when nobody waits, as is usual.
        if (!parked.isEmpty()) {
            parked.forEach(execution::unpark);
        }
    }
}
