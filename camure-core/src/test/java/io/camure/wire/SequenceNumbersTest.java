package io.camure.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SequenceNumbersTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "0, 1, 1",
        "100, 99, 99",
        "65535, 0, 65536",
        "65536, 65535, 65535",
        "65533, 3, 65539",
        "65539, 65533, 65533",
        "131072, 65535, 131071",
        "1099511627776, 5, 1099511627781",
        "1099511627776, 65535, 1099511627775"
    })
    void readsSixteenBitsAsTheNearestNumberAlsoAcrossTheWrap(long reference, int wire, long expected) {
        assertThat(SequenceNumbers.extend(reference, wire)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0, 32767, 32767", "0, 32768, -32768", "40000, 7231, 72767", "40000, 7232, 7232", "40000, 7233, 7233"})
    void readsUpToHalfOfTheNumbersAsAheadAndTheOthersAsBehind(long reference, int wire, long expected) {
        assertThat(SequenceNumbers.extend(reference, wire)).isEqualTo(expected);
    }

    @Test
    void readsWhatIsBehindTheFirstNumberAsNegative() {
        assertThat(SequenceNumbers.extend(0, 65535)).isEqualTo(-1);
        assertThat(SequenceNumbers.extend(3, 65000)).isEqualTo(-536);
    }

    @Test
    void putsTheLowSixteenBitsOnTheWire() {
        assertThat(SequenceNumbers.toWire(65535)).isEqualTo(65535);
        assertThat(SequenceNumbers.toWire(65536)).isZero();
        assertThat(SequenceNumbers.toWire(-1)).isEqualTo(65535);
        assertThat(SequenceNumbers.toWire((5L << 40) + 7)).isEqualTo(7);
    }

    @Test
    void whatIsPutOnTheWireIsReadBackByAnyoneWithinHalfTheNumbers() {
        for (long number = 0; number < 200_000; number += 37) {
            for (int distance : new int[] {-32767, -1000, -1, 0, 1, 1000, 32768}) {
                assertThat(SequenceNumbers.extend(number + distance, SequenceNumbers.toWire(number)))
                        .isEqualTo(number);
            }
        }
    }
}
