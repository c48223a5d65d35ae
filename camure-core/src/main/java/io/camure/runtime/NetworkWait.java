package io.camure.runtime;

import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.camure.transport.DatagramPort;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/**
 * How the driving thread waits for datagrams. For one thread at a time, but for {@link #wakeUp}.
 *
 * <p>To be woken from sleep costs more than a round trip does. So the adaptive way looks again and again when recent waits
 * were short, for about twice as long as they took. Having been kept off the processor meanwhile shows that there are more
 * who want it than there are processors: it then sleeps at once for a time, which doubles each time that happens again.
 */
final class NetworkWait {

    /** How to wait. */
    enum Strategy {
        ADAPTIVE,
        BLOCKING,
        SPINNING
    }

    /** Longer waits are not worth the processor's time. */
    private static final long LONGEST_SPIN_NANOS = MICROSECONDS.toNanos(100);

    private static final long LONGEST_SLEEP_NANOS = HOURS.toNanos(1);
    private static final long SPINNING_NANOS = MILLISECONDS.toNanos(10);

    /** No system call for an empty socket takes as long: something else has run in between. */
    private static final long PREEMPTED_NANOS = MICROSECONDS.toNanos(20);

    private static final long SHORTEST_REST_NANOS = MILLISECONDS.toNanos(2);
    private static final long LONGEST_REST_NANOS = MILLISECONDS.toNanos(1000);

    /** After so many undisturbed spins in a row the processors are taken to be free again. */
    private static final int UNDISTURBED_SPINS = 64;

    /** While waits are long, one of so many is tried with spinning, to find out when they get short. */
    private static final int WAITS_PER_TRIAL = 32;

    /** In the middle of a stream so many datagrams or more come at once. */
    private static final int STREAM_BATCH = 4;

    /** A short sleep in a stream, after which there are several datagrams to be taken at once. */
    private static final long NAP_NANOS = MICROSECONDS.toNanos(50);

    private final DatagramPort port;
    private final Strategy strategy;
    private final boolean singleProcessor = Runtime.getRuntime().availableProcessors() == 1;

    /** A moving average over recent waits; long ones count as {@link #LONGEST_SPIN_NANOS} times two. */
    private long usualNanos = LONGEST_SPIN_NANOS;

    private long restNanos = SHORTEST_REST_NANOS;
    private long restUntilNanos = Long.MIN_VALUE;
    private int undisturbedSpins;
    private int waitsSinceTrial;
    private int lastBatch;
    private volatile boolean wokenUp;

    NetworkWait(DatagramPort port, Strategy strategy) {
        this.port = port;
        this.strategy = strategy;
    }

    /**
     * Waits until datagrams were received, the timeout is over, {@link #wakeUp} was called or the thread was interrupted.
     *
     * @return how many datagrams there are to be handed over
     */
    int await(long timeoutNanos) throws IOException {
        int received = port.receive();
        if (received > 0 || timeoutNanos <= 0 || takeWakeUp()) {
            return note(received);
        }
        long startNanos = System.nanoTime();
        boolean streaming = lastBatch >= STREAM_BATCH;
        if (streaming && strategy != Strategy.SPINNING) {
            LockSupport.parkNanos(this, Math.min(NAP_NANOS, timeoutNanos));
            received = port.receive();
        } else {
            received = spin(startNanos, Math.min(timeoutNanos, spinNanos(startNanos)));
        }
        if (received == 0) {
            long leftNanos = timeoutNanos - (System.nanoTime() - startNanos);
            if (leftNanos > 0 && !takeWakeUp()) {
                port.awaitDatagram(Math.min(leftNanos, LONGEST_SLEEP_NANOS));
                wokenUp = false;
                received = port.receive();
            }
        }
        if (received > 0 && !streaming) {
            learn(System.nanoTime() - startNanos);
        }
        return note(received);
    }

    private int note(int received) {
        lastBatch = received;
        return received;
    }

    private boolean takeWakeUp() {
        boolean result = wokenUp;
        wokenUp = false;
        return result;
    }

    private long spinNanos(long nowNanos) {
        return switch (strategy) {
            case BLOCKING -> 0;
            case SPINNING -> SPINNING_NANOS;
            case ADAPTIVE -> {
                if (singleProcessor || nowNanos < restUntilNanos) {
                    yield 0;
                } else if (usualNanos <= LONGEST_SPIN_NANOS) {
                    yield Math.min(LONGEST_SPIN_NANOS, 2 * usualNanos + MICROSECONDS.toNanos(10));
                } else if (++waitsSinceTrial >= WAITS_PER_TRIAL) {
                    waitsSinceTrial = 0;
                    yield LONGEST_SPIN_NANOS;
                }
                yield 0;
            }
        };
    }

    private int spin(long startNanos, long budgetNanos) throws IOException {
        if (budgetNanos <= 0) {
            return 0;
        }
        long lastNanos = startNanos;
        while (true) {
            Thread.onSpinWait();
            int received = port.receive();
            long nowNanos = System.nanoTime();
            if (nowNanos - lastNanos > PREEMPTED_NANOS) {
                onPreempted(nowNanos);
                return received;
            }
            lastNanos = nowNanos;
            if (received > 0) {
                onUndisturbed();
                return received;
            }
            if (nowNanos - startNanos >= budgetNanos
                    || wokenUp
                    || Thread.currentThread().isInterrupted()) {
                return 0;
            }
        }
    }

    private void onPreempted(long nowNanos) {
        if (strategy == Strategy.ADAPTIVE) {
            undisturbedSpins = 0;
            restUntilNanos = nowNanos + restNanos;
            restNanos = Math.min(2 * restNanos, LONGEST_REST_NANOS);
        }
    }

    private void onUndisturbed() {
        if (++undisturbedSpins >= UNDISTURBED_SPINS) {
            undisturbedSpins = 0;
            restNanos = Math.max(SHORTEST_REST_NANOS, restNanos / 2);
        }
    }

    private void learn(long waitedNanos) {
        usualNanos += (Math.min(waitedNanos, 2 * LONGEST_SPIN_NANOS) - usualNanos) / 8;
    }

    /** Ends the current wait, or the next one at once. May be called by any thread. */
    void wakeUp() {
        wokenUp = true;
        port.wakeUp();
    }
}
