package io.camure.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultsTest {

    @Test
    void printsThroughputAndPercentiles() {
        assertThat(printed(3_000_000, Duration.ofSeconds(2)))
                .containsSubsequence("2 ", "3.0 MB", "1.5 MB/s", "100 ", "50.0 µs", "99.0 µs");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B, 0 B/s",
        "7, 7 B, 14 B/s",
        "999, 999 B, 2.0 kB/s",
        "1000, 1.0 kB, 2.0 kB/s",
        "999949, 999.9 kB, 2.0 MB/s",
        "999950, 1.0 MB, 2.0 MB/s",
        "3500000000, 3.5 GB, 7.0 GB/s",
        "2000000000000, '2,000.0 GB', '4,000.0 GB/s'"
    })
    void sizesHaveTheirUnits(long sizeBytes, String size, String throughput) {
        assertThat(printed(sizeBytes, Duration.ofMillis(500))).containsSubsequence(" " + size + " ", " " + throughput);
    }

    private static String printed(long sizeBytes, Duration duration) {
        long[] oneToHundredMicros =
                LongStream.rangeClosed(1, 100).map(micros -> micros * 1000).toArray();
        ByteArrayOutputStream printed = new ByteArrayOutputStream();

        new Results(2, new FileSender.Delivery(sizeBytes, duration), oneToHundredMicros)
                .print(new PrintStream(printed, true, StandardCharsets.UTF_8));

        return printed.toString(StandardCharsets.UTF_8);
    }
}
