package io.camure.protocol.base;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

/**
 * The retransmission timeout from measured round trips, as in RFC 6298: SRTT + 4 · RTTVAR, smoothed by 1/8 and 1/4.
 *
 * <p>The floor is 2 ms instead of the RFC's second, since a session lives in a local network; the first value is 100 ms,
 * that of protocol 0.1. Only answers to what was sent once may be measured; one to a repetition makes the timeout longer
 * until the next measurement (Karn's algorithm), or else a path that got slower could never be measured.
 */
public final class RoundTripEstimator {

    public static final long INITIAL_NANOS = MILLISECONDS.toNanos(100);
    public static final long MINIMUM_NANOS = MILLISECONDS.toNanos(2);
    public static final long MAXIMUM_NANOS = MILLISECONDS.toNanos(1000);

    private long smoothedNanos;
    private long variationNanos;
    private boolean measured;

    /** How long the answer to something that was repeated took, if nothing was measured since. */
    private long backedOffNanos;

    /** @param roundTripNanos none when it is negative: what a peer says of its own delay may be more than there was */
    public void onRoundTrip(long roundTripNanos) {
        if (roundTripNanos < 0) {
            return;
        }
        backedOffNanos = 0;
        if (!measured) {
            measured = true;
            smoothedNanos = roundTripNanos;
            variationNanos = roundTripNanos / 2;
            return;
        }
        long deviationNanos = Math.abs(smoothedNanos - roundTripNanos);
        variationNanos += (deviationNanos - variationNanos) / 4;
        smoothedNanos += (roundTripNanos - smoothedNanos) / 8;
    }

    /**
     * Something was answered after it had been repeated.
     *
     * @param elapsedNanos since it was sent first
     */
    public void onAnswerToRepetition(long elapsedNanos) {
        backedOffNanos = Math.max(backedOffNanos, elapsedNanos);
    }

    /** How long to wait for an answer before repeating. */
    public long timeoutNanos() {
        return Math.min(Math.max(Math.max(longestNanos(), backedOffNanos), MINIMUM_NANOS), MAXIMUM_NANOS);
    }

    /** What round trips take, or -1 while none was measured. */
    public long smoothedNanos() {
        return measured ? smoothedNanos : -1;
    }

    /** What a round trip takes at most, as far as is known. */
    public long longestNanos() {
        return measured ? smoothedNanos + 4 * variationNanos : INITIAL_NANOS;
    }
}
