package io.camure.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many routers a time to live tells of. */
class HopsTest {

    @ParameterizedTest
    @CsvSource({"64, 0", "63, 1", "50, 14", "128, 0", "120, 8", "255, 0", "250, 5", "1, 63"})
    void itCountsFromWhatSystemsBeginWith(int left, int routers) {
        assertThat(Hops.of(left).routers()).isEqualTo(routers);
    }
}
