package io.camure.spring.session;

import java.time.Duration;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * How a member joins again what it has lost.
 *
 * @param enabled whether it does so by itself
 * @param initialInterval before the first try; doubled with each try
 * @param maxInterval the longest time between two tries
 */
public record Rejoin(boolean enabled, Duration initialInterval, Duration maxInterval) {

    /** With jitter, so that the members of a coordinator that comes back do not all ask it in the same moment. */
    BackOff backOff() {
        ExponentialBackOff backOff = new ExponentialBackOff(initialInterval.toMillis(), 2);
        backOff.setMaxInterval(maxInterval.toMillis());
        backOff.setJitter(initialInterval.toMillis() / 2);
        return backOff;
    }
}
