package io.camure.protocol.group;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.wire.SequenceNumbers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the numbers of a legacy coordinator tell of its incarnation, and what they don't. */
class LegacyNumbersTest {

    private static final int REPEATED = 10;
    private static final long OLD_NANOS = SECONDS.toNanos(5);

    private final LegacyNumbers numbers = new LegacyNumbers(REPEATED, OLD_NANOS);
    private long position;
    private long nowNanos;

    private boolean receive(long sequence) {
        boolean other = numbers.isOfAnotherIncarnation(SequenceNumbers.toWire(sequence), position, nowNanos);
        position = Math.max(position, sequence + 1);
        return other;
    }

    private void receiveAll(long from, long to) {
        for (long sequence = from; sequence < to; sequence++) {
            assertThat(receive(sequence)).isFalse();
        }
    }

    private void beginAt0AndGetTo(long to) {
        numbers.start(0, nowNanos);
        receiveAll(0, to);
    }

    @Test
    void moreFromTheBeginningOnThanItRepeatsAreOfAnotherIncarnation() {
        beginAt0AndGetTo(500);
        nowNanos += OLD_NANOS;
        assertThat(receive(500)).isFalse();
        nowNanos += OLD_NANOS;
        receiveAll(0, REPEATED);

        assertThat(receive(REPEATED)).isTrue();
    }

    @Test
    void soAreThoseAfterATurnOfTheNumbers() {
        beginAt0AndGetTo(70_000);
        nowNanos += OLD_NANOS;
        receive(70_000);
        nowNanos += OLD_NANOS;
        receiveAll(0, REPEATED);

        assertThat(receive(REPEATED)).isTrue();
    }

    @Test
    void repetitionsAndGapsAreNoRun() {
        beginAt0AndGetTo(500);
        nowNanos += OLD_NANOS;
        receive(500);
        nowNanos += OLD_NANOS;
        for (int i = 0; i < 100; i++) {
            assertThat(receive(7)).isFalse();
            assertThat(receive(9)).isFalse();
        }
    }

    @Test
    void whatThePresentIncarnationSendsEndsARun() {
        beginAt0AndGetTo(500);
        nowNanos += OLD_NANOS;
        receive(500);
        nowNanos += OLD_NANOS;
        receiveAll(0, REPEATED);
        assertThat(receive(501)).isFalse();
        receiveAll(REPEATED, 2 * REPEATED);
    }

    @Test
    void whatMayStillBeOnItsWayTellsNothing() {
        beginAt0AndGetTo(500);
        nowNanos += OLD_NANOS - 1;
        receiveAll(0, 500);
    }

    private record Arrival(long nanos, long sequence) {}

    /** A long stream of one incarnation on a network that doubles, delays and reorders, with ten that are repeated for others. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void nothingThatOneIncarnationSendsIsTakenForAnother(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long first = random.nextInt(1 << 16);
        long pauseNanos = random.nextLong(1, MILLISECONDS.toNanos(10));
        List<Arrival> arrivals = new ArrayList<>();
        List<Long> stuck = new ArrayList<>();
        long sentNanos = 0;
        for (long sequence = first; sequence < first + 3_000; sequence++) {
            sentNanos += random.nextLong(2 * pauseNanos);
            if (random.nextInt(100) == 0) {
                sentNanos += random.nextLong(SECONDS.toNanos(1));
            }
            for (int copies = random.nextInt(1, 4); copies > 0; copies--) {
                arrivals.add(new Arrival(sentNanos + random.nextLong(OLD_NANOS), sequence));
            }
            if (stuck.size() < REPEATED) {
                stuck.add(sequence);
            }
            for (long one : stuck) {
                arrivals.add(new Arrival(sentNanos + random.nextLong(MILLISECONDS.toNanos(1)), one));
            }
        }
        arrivals.sort(Comparator.comparingLong(Arrival::nanos));
        position = first;
        numbers.start(first, 0);
        for (Arrival arrival : arrivals) {
            nowNanos = arrival.nanos();
            assertThat(receive(arrival.sequence())).as("%s", arrival).isFalse();
        }
    }
}
