package io.camure.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the tests of the demo neither give up too early nor hide why they do. */
class OutputWatchTest {

    @TempDir
    Path directory;

    private OutputWatch watch;
    private Path log;

    @BeforeEach
    void write() throws IOException {
        watch = new OutputWatch(directory, Duration.ofMillis(200));
        log = Files.createDirectory(directory.resolve("work")).resolve("member-1.log");
        Files.writeString(log, "waiting for the others");
    }

    @Test
    void silenceFailsWithWhatWasWritten() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> watch.awaitUntil("all have met", () -> false))
                .withMessageContaining("all have met")
                .withMessageContaining("member-1.log")
                .withMessageContaining("waiting for the others");
    }

    @Test
    void whoGoesOnWritingIsWaitedFor() throws IOException {
        watch.awaitUntil("enough was written", () -> {
            Files.writeString(log, ".", StandardOpenOption.APPEND);
            return Files.size(log) > 40;
        });

        assertThat(log).content().endsWith("...");
    }
}
