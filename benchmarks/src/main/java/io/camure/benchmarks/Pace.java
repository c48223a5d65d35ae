package io.camure.benchmarks;

import java.time.Duration;

/**
 * How long is measured, and warmed up.
 *
 * @param measured how long each measurement takes
 */
record Pace(WarmUp warmUp, Duration measured) {

    /** To find out which configurations are worth measuring. */
    static final Pace SCREENING =
            new Pace(new WarmUp(Duration.ofMillis(500), 2, Duration.ofSeconds(3)), Duration.ofSeconds(1));

    private static final Pace QUICK =
            new Pace(new WarmUp(Duration.ofMillis(500), 2, Duration.ofSeconds(8)), Duration.ofMillis(1500));

    private static final Pace FULL =
            new Pace(new WarmUp(Duration.ofMillis(500), 6, Duration.ofSeconds(60)), Duration.ofSeconds(3));

    static Pace of(boolean quick) {
        return quick ? QUICK : FULL;
    }
}
