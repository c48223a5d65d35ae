package io.camure.protocol.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Nonces are SipHash-2-4, by the vector of its authors. */
class NoncesTest {

    /** The key 00…0f and the bytes 00…07, each read as two and one little-endian numbers. */
    @Test
    void theVectorOfEightBytes() {
        Nonces nonces = new Nonces(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
        assertThat(nonces.of(0x0706050403020100L)).isEqualTo(0x93f5f5799a932462L);
        assertThat(nonces.of(0x0706050403020100L)).as("again").isEqualTo(0x93f5f5799a932462L);
    }

    @Test
    void eachNumberOfEachGroupHasItsOwn() {
        LongStream ofOne = LongStream.range(0, 1000).map(new Nonces(1, 2)::of);
        LongStream ofAnother = LongStream.range(0, 1000).map(new Nonces(1, 3)::of);

        assertThat(LongStream.concat(ofOne, ofAnother).distinct().count()).isEqualTo(2000);
    }
}
