package io.camure.protocol.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a receiver is known to have. */
class DeliveryProgressTest {

    private static final int CHUNKS = 20_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void agreesWithASetOfAllThatWasEverReceived(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long first = random.nextLong(1 << 16);
        BitSet model = new BitSet();
        DeliveryProgress progress = new DeliveryProgress(first, Long.MAX_VALUE);
        int reach = 1 + random.nextInt(DeliveryProgress.SPAN);
        while (model.nextClearBit(0) < CHUNKS) {
            int missing = model.nextClearBit(0);
            if (random.nextInt(50) == 0) {
                int end = missing + random.nextInt(reach);
                model.set(missing, Math.max(missing, end));
                progress.onAllReceived(first + end);
            } else {
                // Some of them are behind.
                int received = Math.max(0, missing - 10 + random.nextInt(10 + reach));
                received = Math.min(received, missing + DeliveryProgress.SPAN - 1);
                model.set(received);
                progress.onReceived(first + received);
            }
            assertThat(progress.firstMissing()).isEqualTo(first + model.nextClearBit(0));
            int seen = model.nextClearBit(0) - 5 + random.nextInt(DeliveryProgress.SPAN);
            if (seen >= 0 && seen < model.nextClearBit(0) + DeliveryProgress.SPAN) {
                assertThat(progress.has(first + seen)).as("chunk %d", seen).isEqualTo(model.get(seen));
            }
        }
    }

    @Test
    void aWholeSpanThatArrivesBackwardsIsTakenAtOnceWithItsFirst() {
        DeliveryProgress progress = new DeliveryProgress(100, Long.MAX_VALUE);
        for (int i = DeliveryProgress.SPAN - 1; i > 0; i--) {
            progress.onReceived(100 + i);
            assertThat(progress.firstMissing()).isEqualTo(100);
        }
        progress.onReceived(100);

        assertThat(progress.firstMissing()).isEqualTo(100 + DeliveryProgress.SPAN);
        assertThat(progress.has(100 + DeliveryProgress.SPAN)).isFalse();
    }

    @Test
    void whatIsBehindTheEndOfAllThatWasReceivedIsNotForgotten() {
        DeliveryProgress progress = new DeliveryProgress(0, Long.MAX_VALUE);
        progress.onReceived(5);
        progress.onReceived(7);
        progress.onAllReceived(5);

        assertThat(progress.firstMissing()).isEqualTo(6);
        assertThat(progress.has(7)).isTrue();
    }

    @Test
    void roomThatWasPromisedIsKept() {
        DeliveryProgress progress = new DeliveryProgress(0, 10);
        progress.extendLimit(20);
        progress.extendLimit(15);

        assertThat(progress.limit()).isEqualTo(20);
    }
}
