package io.camure.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShrinkingTest {

    private static final List<Integer> ALL = IntStream.range(0, 100).boxed().toList();

    @Test
    void onlyWhatIsNeededToFailRemains() {
        assertThat(Shrinking.shrink(ALL, some -> some.containsAll(List.of(3, 42, 43, 99))))
                .containsExactly(3, 42, 43, 99);
        assertThat(Shrinking.shrink(ALL, some -> some.contains(7))).containsExactly(7);
        assertThat(Shrinking.shrink(ALL, some -> some.size() > 98)).hasSize(99);
    }

    @Test
    void whatFailsAnywayNeedsNothing() {
        assertThat(Shrinking.shrink(ALL, some -> true)).isEmpty();
    }

    @Test
    void fewTriesAreEnoughForOneOfMany() {
        AtomicInteger tries = new AtomicInteger();
        Shrinking.shrink(ALL, some -> {
            tries.incrementAndGet();
            return some.contains(50);
        });
        assertThat(tries).hasValueLessThan(30);
    }
}
