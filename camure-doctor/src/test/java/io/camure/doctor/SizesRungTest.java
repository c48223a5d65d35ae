package io.camure.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a length means that passes, for sessions that adapt to it and for those that don't. */
class SizesRungTest {

    private static Rung rung(int chunkBytes, boolean adapts, int unicast, Integer byMulticast) {
        return new SizesRung("there", InetAddress.getLoopbackAddress(), chunkBytes, adapts, Status.AMBER)
                .of("Seen.", unicast, byMulticast);
    }

    @ParameterizedTest
    @CsvSource({"1472, , GREEN", "1471, , RED", "1472, 1471, AMBER", "507, 507, RED", "1472, 0, AMBER"})
    void anEarlierBuildNeedsWholeChunks(int unicast, Integer byMulticast, Status status) {
        assertThat(rung(1472, false, unicast, byMulticast).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"1472, , GREEN", "1471, , AMBER", "1472, 1471, AMBER", "508, 508, AMBER", "507, 507, RED"})
    void thisBuildCutsThem(int unicast, Integer byMulticast, Status status) {
        assertThat(rung(1472, true, unicast, byMulticast).status()).isEqualTo(status);
    }

    /** It begins without them, and has them only where all take them. */
    @Test
    void jumboFramesThatDoNotPassAreNoFault() {
        Rung rung = rung(8972, true, 1472, 1472);

        assertThat(rung.status()).isEqualTo(Status.GREEN);
        assertThat(rung.found()).contains("longer ones than 1472");
    }
}
