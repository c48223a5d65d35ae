package io.camure.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ResultsTest {

    @Test
    void printsThroughputAndPercentiles() {
        long[] oneToHundredMicros =
                LongStream.rangeClosed(1, 100).map(micros -> micros * 1000).toArray();
        ByteArrayOutputStream printed = new ByteArrayOutputStream();

        new Results(2, new FileSender.Delivery(3_000_000, Duration.ofSeconds(2)), oneToHundredMicros)
                .print(new PrintStream(printed, true, StandardCharsets.UTF_8));

        assertThat(printed.toString(StandardCharsets.UTF_8))
                .containsSubsequence("2 ", "3.0 MB", "1.5 MB/s", "100 ", "50.0 µs", "99.0 µs");
    }
}
