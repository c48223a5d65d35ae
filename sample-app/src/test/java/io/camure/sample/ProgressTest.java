package io.camure.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void aTerminalHasAnEmptyLineInTheEnd() {
        run(Progress.Style.TERMINAL);

        assertThat(printed()).startsWith("\r\033[Kwork: 1 %").endsWith("work: 99 %\r\033[K");
    }

    @Test
    void elsewhereThereAreTwoLines() {
        run(Progress.Style.PLAIN);

        assertThat(printed()).hasLineCount(2).contains("work: 50 %", "work: 100 %");
    }

    private void run(Progress.Style style) {
        Progress progress = new Progress(new PrintStream(printed, true, StandardCharsets.UTF_8), style, "work", 1000);
        for (int done = 1; done <= 1000; done++) {
            progress.onDone(done);
        }
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
