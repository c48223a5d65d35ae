package io.camure.protocol.base;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How long to wait for an answer. */
class RoundTripEstimatorTest {

    private final RoundTripEstimator roundTrip = new RoundTripEstimator();

    private void measure(long millis, int times) {
        for (int i = 0; i < times; i++) {
            roundTrip.onRoundTrip(MILLISECONDS.toNanos(millis));
        }
    }

    private long timeoutMillis() {
        return roundTrip.timeoutNanos() / 1_000_000;
    }

    @Test
    void waitsAHundredMillisecondsBeforeAnythingIsMeasured() {
        assertThat(timeoutMillis()).isEqualTo(100);
    }

    @Test
    void theFirstMeasurementCountsThreefold() {
        measure(30, 1);

        assertThat(timeoutMillis()).isEqualTo(90);
    }

    @Test
    void isNeverShorterThanTheFloorNorLongerThanASecond() {
        measure(0, 100);
        assertThat(timeoutMillis()).isEqualTo(2);
        measure(5000, 100);
        assertThat(timeoutMillis()).isEqualTo(1000);
    }

    @Test
    void anImpossibleMeasurementCountsAsNone() {
        roundTrip.onRoundTrip(-5);

        assertThat(roundTrip.longestNanos()).isEqualTo(RoundTripEstimator.INITIAL_NANOS);
    }

    @Test
    void anAnswerToARepetitionMakesTheTimeoutLongerUntilTheNextMeasurement() {
        measure(1, 100);
        roundTrip.onAnswerToRepetition(MILLISECONDS.toNanos(300));
        roundTrip.onAnswerToRepetition(MILLISECONDS.toNanos(200));
        assertThat(timeoutMillis()).isEqualTo(300);

        measure(1, 1);
        assertThat(timeoutMillis()).isEqualTo(2);
    }

    @Test
    void anAnswerToARepetitionDoesNotMakeTheTimeoutShorter() {
        roundTrip.onAnswerToRepetition(MILLISECONDS.toNanos(3));

        assertThat(timeoutMillis()).isEqualTo(100);
    }
}
