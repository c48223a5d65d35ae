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
 * were short, for about twice as long as they took. In between it yields the processor to whoever else wants it; only while
 * nobody does, it looks without yielding at first, which notices a datagram a little earlier. A yield that takes very long
 * shows that somebody has work for a whole time slice: it then sleeps at once for a time, which doubles each time that
 * happens again, and shrinks with each datagram that comes without.
 */
final class NetworkWait {

    /** How to wait. */
    enum Strategy {
        ADAPTIVE,
        BLOCKING,
        SPINNING
    }

    /** Longer waits are not worth the processor's time. */
    private static final long LONGEST_SPIN_NANOS = MICROSECONDS.toNanos(150);

    /** How long to look without yielding while nobody else wants the processor. */
    private static final long UNYIELDING_NANOS = MICROSECONDS.toNanos(50);

    private static final long LONGEST_SLEEP_NANOS = HOURS.toNanos(1);
    private static final long SPINNING_NANOS = MILLISECONDS.toNanos(10);

    /** To yield to nobody takes less: somebody else has run in between. */
    private static final long SWITCHED_NANOS = MICROSECONDS.toNanos(4);

    /** So does a look at the sockets, even if it takes a datagram. */
    private static final long DISPLACED_NANOS = MICROSECONDS.toNanos(25);

    /** Those that wait as this does yield much earlier: somebody has work of another kind. */
    private static final long PREEMPTED_NANOS = MICROSECONDS.toNanos(500);

    private static final long SHORTEST_REST_NANOS = MILLISECONDS.toNanos(1);
    private static final long LONGEST_REST_NANOS = MILLISECONDS.toNanos(100);

    /** After so many waits in which nobody else has run the processor is taken to be free. */
    private static final int UNDISTURBED_WAITS = 64;

    /** While waits are long, one of so many is tried with spinning, to find out when they get short. */
    private static final int WAITS_PER_TRIAL = 32;

    /** In the middle of a stream datagrams follow one another more closely than this. */
    private static final long STREAM_INTERVAL_NANOS = MICROSECONDS.toNanos(25);

    private static final long LONGEST_INTERVAL_NANOS = MILLISECONDS.toNanos(1);

    /** A short sleep in a stream, after which there are several datagrams to be taken at once. */
    private static final long NAP_NANOS = MICROSECONDS.toNanos(50);

    private final DatagramPort port;
    private final Strategy strategy;

    /** A moving average over recent waits; long ones count as {@link #LONGEST_SPIN_NANOS} times two. */
    private long usualNanos = LONGEST_SPIN_NANOS;

    private long restNanos = SHORTEST_REST_NANOS;
    private long restUntilNanos = Long.MIN_VALUE;

    /** How many more waits take others into account: by a yield at once, or by a nap in a stream. */
    private int crowdedWaits;

    private int waitsSinceTrial;

    /** A moving average of the time between two datagrams. */
    private long intervalNanos = LONGEST_INTERVAL_NANOS;

    private long lastArrivalNanos;
    private volatile boolean wokenUp;

    NetworkWait(DatagramPort port, Strategy strategy) {
        this.port = port;
        this.strategy = strategy;
    }

    /**
     * Waits until datagrams were received, the timeout is over, {@link #wakeUp} was called or the thread was interrupted.
     *
     * @param forStream whether what is waited for is part of a stream, where it matters more that others can work
     *     meanwhile than that it is noticed at once
     * @return how many datagrams there are to be handed over; after 0 there may be some nevertheless
     */
    int await(long timeoutNanos, boolean forStream) throws IOException {
        int received = port.receive();
        if (received > 0 || timeoutNanos <= 0 || takeWakeUp()) {
            return note(received);
        }
        long startNanos = System.nanoTime();
        boolean nap = forStream
                && intervalNanos < STREAM_INTERVAL_NANOS
                && (strategy == Strategy.BLOCKING || crowdedWaits > 0);
        if (nap) {
            crowdedWaits = Math.max(0, crowdedWaits - 1);
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
        if (received > 0 && !nap) {
            learn(System.nanoTime() - startNanos);
        }
        return note(received);
    }

    private int note(int received) {
        if (received > 0) {
            long nowNanos = System.nanoTime();
            long sinceNanos = Math.min(nowNanos - lastArrivalNanos, LONGEST_INTERVAL_NANOS);
            intervalNanos += (sinceNanos / received - intervalNanos) / 8;
            lastArrivalNanos = nowNanos;
        }
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
                if (nowNanos < restUntilNanos) {
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
        boolean mayYield = strategy == Strategy.ADAPTIVE;
        boolean disturbed = false;
        long lastNanos = startNanos;
        int received = 0;
        while (received == 0 && !wokenUp && !Thread.currentThread().isInterrupted()) {
            if (mayYield && (crowdedWaits > 0 || lastNanos - startNanos >= UNYIELDING_NANOS)) {
                Thread.yield();
                disturbed |= System.nanoTime() - lastNanos > SWITCHED_NANOS;
            } else {
                Thread.onSpinWait();
            }
            received = port.poll();
            long nowNanos = System.nanoTime();
            disturbed |= nowNanos - lastNanos > DISPLACED_NANOS;
            if (mayYield && nowNanos - lastNanos > PREEMPTED_NANOS) {
                rest(nowNanos);
                break;
            }
            lastNanos = nowNanos;
            if (nowNanos - startNanos >= budgetNanos) {
                break;
            }
        }
        crowdedWaits = disturbed ? UNDISTURBED_WAITS : Math.max(0, crowdedWaits - 1);
        if (received > 0) {
            restNanos = Math.max(SHORTEST_REST_NANOS, restNanos - restNanos / 8);
        }
        return received;
    }

    private void rest(long nowNanos) {
        restUntilNanos = nowNanos + restNanos;
        restNanos = Math.min(2 * restNanos, LONGEST_REST_NANOS);
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
