package io.camure.node.rejoin;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.camure.Rejoin;
import java.util.random.RandomGenerator;

/** The waits before one try after another, as a {@link Rejoin} says. */
final class BackOff {

    private static final int PROMPT_TRIES = 10;
    private static final long PROMPT_PAUSE_NANOS = MILLISECONDS.toNanos(100);

    /** Where an election was held may still say who was elected before. */
    private static final long PROMPT_TRY_NANOS = MILLISECONDS.toNanos(200);

    private final long initialNanos;
    private final long maximumNanos;
    private final RandomGenerator random;
    private long intervalNanos;

    /** How many are left of the tries that come soon. */
    private int promptTries;

    BackOff(Rejoin settings, RandomGenerator random) {
        initialNanos = settings.initialInterval().toNanos();
        maximumNanos = settings.maximumInterval().toNanos();
        this.random = random;
        intervalNanos = initialNanos;
    }

    /** Has the first try come at once and some more soon, since another coordinator is about to take over. */
    BackOff promptly() {
        promptTries = PROMPT_TRIES;
        return this;
    }

    /** How long the next try may take. */
    long tryNanos() {
        return promptTries > 0 ? PROMPT_TRY_NANOS : SessionJoin.TRY_NANOS;
    }

    /** How long to wait before the next try. */
    long nextNanos() {
        if (promptTries > 0) {
            return promptTries-- == PROMPT_TRIES
                    ? 0
                    : random.nextLong(PROMPT_PAUSE_NANOS / 2, PROMPT_PAUSE_NANOS * 3 / 2 + 1);
        }
        long shortestNanos = Math.max(initialNanos, intervalNanos / 2);
        long longestNanos = Math.min(maximumNanos, intervalNanos + intervalNanos / 2);
        intervalNanos = Math.min(maximumNanos, 2 * intervalNanos);
        return random.nextLong(shortestNanos, longestNanos + 1);
    }
}
