package io.camure.protocol.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Takes each number once. */
class ReplayWindowTest {

    private ReplayWindow window = new ReplayWindow(0);

    private boolean takes(long number) {
        boolean isNew = window.isNew(number);
        if (isNew) {
            window.take(number);
        }
        return isNew;
    }

    @Test
    void takesWhatWasOvertakenOnceAndNothingThatIsTooOld() {
        assertThat(takes(5000)).isTrue();
        assertThat(takes(5000)).isFalse();
        assertThat(takes(5000 - ReplayWindow.NUMBERS + 1)).isTrue();
        assertThat(takes(5000 - ReplayWindow.NUMBERS + 1)).isFalse();
        assertThat(takes(5000 - ReplayWindow.NUMBERS)).isFalse();
        assertThat(takes((1L << 48) - 1)).isTrue();
        assertThat(takes(5001)).isFalse();
    }

    @Test
    void takesNothingFromBeforeItsTime() {
        window = new ReplayWindow(5000);
        assertThat(takes(4999)).isFalse();
        assertThat(takes(5001)).isTrue();
        assertThat(takes(4999)).isFalse();
        assertThat(takes(5000)).isTrue();
        assertThat(takes(5000)).isFalse();
    }

    @Test
    void looksAtNothingThatWasNotTaken() {
        assertThat(window.isNew(7)).isTrue();
        assertThat(window.isNew(7)).isTrue();
    }

    @Test
    void isASetOfAllThatAreNotTooOld() {
        Random random = new Random(1);
        Set<Long> taken = new HashSet<>();
        long highest = 0;
        long highestTaken = 0;
        for (int i = 0; i < 200_000; i++) {
            highest += random.nextInt(1000) == 0 ? random.nextInt(10_000) : random.nextInt(3);
            long number = Math.max(0, highest - random.nextInt(2 * ReplayWindow.NUMBERS) / (1 + random.nextInt(100)));
            boolean tooOld = number <= highestTaken - ReplayWindow.NUMBERS;
            assertThat(takes(number)).isEqualTo(!tooOld && taken.add(number));
            highestTaken = Math.max(highestTaken, number);
        }
    }
}
