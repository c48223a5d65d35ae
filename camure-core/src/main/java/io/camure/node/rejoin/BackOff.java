package io.camure.node.rejoin;

import io.camure.Rejoin;
import java.util.random.RandomGenerator;

/** The waits before one try after another, as a {@link Rejoin} says. */
final class BackOff {

    private final long initialNanos;
    private final long maximumNanos;
    private final RandomGenerator random;
    private long intervalNanos;

    BackOff(Rejoin settings, RandomGenerator random) {
        initialNanos = settings.initialInterval().toNanos();
        maximumNanos = settings.maximumInterval().toNanos();
        this.random = random;
        intervalNanos = initialNanos;
    }

    /** How long to wait before the next try. */
    long nextNanos() {
        long shortestNanos = Math.max(initialNanos, intervalNanos / 2);
        long longestNanos = Math.min(maximumNanos, intervalNanos + intervalNanos / 2);
        intervalNanos = Math.min(maximumNanos, 2 * intervalNanos);
        return random.nextLong(shortestNanos, longestNanos + 1);
    }
}
