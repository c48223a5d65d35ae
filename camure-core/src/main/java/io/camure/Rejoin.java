package io.camure;

import io.camure.protocol.base.Checks;
import io.camure.protocol.base.Format;
import java.time.Duration;

/** Whether and how a member joins again what it has lost. Immutable. */
public final class Rejoin {

    private static final Rejoin NEVER = new Rejoin(false, Duration.ofMillis(500), Duration.ofSeconds(5));
    private static final Rejoin BY_DEFAULT = new Rejoin(true, NEVER.initialInterval, NEVER.maximumInterval);

    private final boolean enabled;
    private final Duration initialInterval;
    private final Duration maximumInterval;

    private Rejoin(boolean enabled, Duration initialInterval, Duration maximumInterval) {
        this.enabled = enabled;
        this.initialInterval = initialInterval;
        this.maximumInterval = maximumInterval;
    }

    /** What was lost stays lost: close the member and join anew. */
    public static Rejoin never() {
        return NEVER;
    }

    /** Joins again, and waits half a second before the first try and 5 s at most; see {@link #backOff(Duration, Duration)}. */
    public static Rejoin backOff() {
        return BY_DEFAULT;
    }

    /**
     * Joins again, until it has worked or the member is closed. The wait before a try begins at the initial interval and
     * doubles with each, up to the maximum. Each wait is varied at random by up to a half of itself, within these two, so
     * that the members of a coordinator that comes back do not all ask it in the same moment. After a {@linkplain
     * Coordinator#handOver goodbye} the first try comes at once, and up to nine more 50 to 150 ms after one another.
     *
     * @param initialInterval more than zero
     * @param maximumInterval not less than the initial interval
     */
    public static Rejoin backOff(Duration initialInterval, Duration maximumInterval) {
        Checks.positive("initialInterval", initialInterval);
        Checks.positive("maximumInterval", maximumInterval);
        if (maximumInterval.compareTo(initialInterval) < 0) {
            throw new IllegalArgumentException("maximumInterval is " + Format.setting(maximumInterval)
                    + ": it must not be less than initialInterval, which is " + Format.setting(initialInterval));
        }
        return new Rejoin(true, initialInterval, maximumInterval);
    }

    /** Whether this node joins again what it has lost. */
    public boolean isEnabled() {
        return enabled;
    }

    /** The shortest wait before a try. */
    public Duration initialInterval() {
        return initialInterval;
    }

    /** The longest wait before a try. */
    public Duration maximumInterval() {
        return maximumInterval;
    }

    @Override
    public String toString() {
        return enabled
                ? "back-off from " + Format.setting(initialInterval) + " to " + Format.setting(maximumInterval)
                : "never";
    }
}
