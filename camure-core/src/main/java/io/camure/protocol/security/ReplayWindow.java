package io.camure.protocol.security;

import java.util.Arrays;

/**
 * Which numbers were taken, of the highest and {@value #NUMBERS} − 1 below it; older ones count as taken (RFC 6479), and so do
 * those that were used before this node had the key.
 */
final class ReplayWindow {

    /** More than may be overtaken by others on their way. */
    static final int NUMBERS = 4096;

    private static final int WORDS = NUMBERS / Long.SIZE;

    private final long[] taken = new long[WORDS];

    /** One more than the highest number that was taken. */
    private long end;

    private final long first;

    /** @param first the lowest number that counts as new */
    ReplayWindow(long first) {
        this.first = first;
        end = first;
    }

    boolean isNew(long number) {
        if (number >= end) {
            return true;
        }
        return number >= first && number >= end - NUMBERS && (taken[word(number)] & 1L << number) == 0;
    }

    /** Only behind {@link #isNew}, and once it is known who has sent it. */
    void take(long number) {
        if (number >= end) {
            clear(number);
            end = number + 1;
        }
        taken[word(number)] |= 1L << number;
    }

    /** Numbers that come into the window were not taken. */
    private void clear(long number) {
        if (number - end >= NUMBERS) {
            Arrays.fill(taken, 0);
            return;
        }
        for (long each = end; each <= number; each++) {
            taken[word(each)] &= ~(1L << each);
        }
    }

    private static int word(long number) {
        return (int) (number / Long.SIZE % WORDS);
    }
}
