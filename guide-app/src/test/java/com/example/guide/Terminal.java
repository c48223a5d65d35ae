package com.example.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process of its own, as in a terminal of its own: what it prints is in a file. */
final class Terminal implements AutoCloseable {

    /** Longer than a busy machine needs for anything; where all is well nobody waits for so long. */
    private static final Duration LONG = Duration.ofMinutes(10);

    private final Path output;
    private final Process process;

    private Terminal(Path output, Process process) {
        this.output = output;
        this.process = process;
    }

    /** Runs {@code java} with these arguments. */
    static Terminal java(Path directory, String name, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // A JVM starts in half the processor time without the optimizing compiler.
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"));
        command.addAll(arguments);
        Path output = Files.createTempFile(directory, name + "-", ".out");
        return new Terminal(
                output,
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start());
    }

    /** Waits until it has printed this so many times, and gives back the last match. */
    Matcher awaitPrinted(String regex, int times) {
        Pattern pattern = Pattern.compile(regex);
        await().atMost(LONG).untilAsserted(() -> {
            assertThat(pattern.matcher(printed()).results().count())
                    .as("%s in %s", regex, printed())
                    .isGreaterThanOrEqualTo(times);
        });
        Matcher matcher = pattern.matcher(printed());
        for (int i = 0; i < times; i++) {
            assertThat(matcher.find()).isTrue();
        }
        return matcher;
    }

    Matcher awaitPrinted(String regex) {
        return awaitPrinted(regex, 1);
    }

    String printed() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@code kill -9} does. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Ends it as Ctrl-C does, but also where that is ignored, as in background jobs; gives back the exit status. */
    int interrupt() throws InterruptedException {
        process.destroy();
        return awaitEnd();
    }

    int awaitEnd() throws InterruptedException {
        assertThat(process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS))
                .as("has ended: %s", printed())
                .isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        kill();
    }
}
