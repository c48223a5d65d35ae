package io.camure.runtime;

import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.IOException;

/**
 * Looks again and again when recent waits were short, for about twice as long as they took. In between it yields the
 * processor to whoever else wants it; only while nobody does, it looks without yielding at first, which notices a datagram a
 * little earlier. A yield that takes very long shows that somebody has work for a whole time slice: it then sleeps at once
 * for a time, which doubles each time that happens again, and shrinks with each datagram that comes without.
 */
final class AdaptiveWait implements WaitStrategy {

    /** Longer waits are not worth the processor's time. */
    private static final long LONGEST_SPIN_NANOS = MICROSECONDS.toNanos(150);

    /** How long to look without yielding while nobody else wants the processor. */
    private static final long UNYIELDING_NANOS = MICROSECONDS.toNanos(50);

    /** To yield to nobody takes less: somebody else has run in between. */
    private static final long SWITCHED_NANOS = MICROSECONDS.toNanos(4);

    /** So does a look at the sockets, even if it takes a datagram. */
    private static final long DISPLACED_NANOS = MICROSECONDS.toNanos(25);

    /** Those that wait as this does yield much earlier: somebody has work of another kind. */
    private static final long PREEMPTED_NANOS = MICROSECONDS.toNanos(500);

    private static final long SHORTEST_REST_NANOS = MILLISECONDS.toNanos(1);
    private static final long LONGEST_REST_NANOS = MILLISECONDS.toNanos(100);

    /** The number of waits in which nobody else has run after which the processor is taken to be free. */
    private static final int UNDISTURBED_WAITS = 64;

    /** While waits are long, one of this many is tried with spinning, to find out when they get short. */
    private static final int WAITS_PER_TRIAL = 32;

    /** A moving average over recent waits; long ones count as {@link #LONGEST_SPIN_NANOS} times two. */
    private long usualNanos = LONGEST_SPIN_NANOS;

    private long restNanos = SHORTEST_REST_NANOS;
    private long restUntilNanos = Long.MIN_VALUE;

    /** How many more waits take others into account: by a yield at once, or by a nap in a stream. */
    private int crowdedWaits;

    private int waitsSinceTrial;

    @Override
    public boolean napsInStream() {
        if (crowdedWaits == 0) {
            return false;
        }
        crowdedWaits--;
        return true;
    }

    @Override
    public int look(Look look, long startNanos, long timeoutNanos) throws IOException {
        long budgetNanos = Math.min(timeoutNanos, budgetNanos(startNanos));
        if (budgetNanos <= 0) {
            return 0;
        }
        boolean disturbed = false;
        long lastNanos = startNanos;
        int received = 0;
        while (received == 0 && !look.isOver()) {
            if (crowdedWaits > 0 || lastNanos - startNanos >= UNYIELDING_NANOS) {
                Thread.yield();
                disturbed |= look.nanoTime() - lastNanos > SWITCHED_NANOS;
            } else {
                Thread.onSpinWait();
            }
            received = look.poll();
            long nowNanos = look.nanoTime();
            disturbed |= nowNanos - lastNanos > DISPLACED_NANOS;
            if (nowNanos - lastNanos > PREEMPTED_NANOS) {
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

    private long budgetNanos(long nowNanos) {
        if (nowNanos < restUntilNanos) {
            return 0;
        } else if (usualNanos <= LONGEST_SPIN_NANOS) {
            return Math.min(LONGEST_SPIN_NANOS, 2 * usualNanos + MICROSECONDS.toNanos(10));
        } else if (++waitsSinceTrial >= WAITS_PER_TRIAL) {
            waitsSinceTrial = 0;
            return LONGEST_SPIN_NANOS;
        }
        return 0;
    }

    private void rest(long nowNanos) {
        restUntilNanos = nowNanos + restNanos;
        restNanos = Math.min(2 * restNanos, LONGEST_REST_NANOS);
    }

    @Override
    public void onWaited(long waitedNanos) {
        usualNanos += (Math.min(waitedNanos, 2 * LONGEST_SPIN_NANOS) - usualNanos) / 8;
    }
}
