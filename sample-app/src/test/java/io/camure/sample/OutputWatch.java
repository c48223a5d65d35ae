package io.camure.sample;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Waits for processes that write into the files of a directory, for as long as they go on writing: how fast a machine is does
 * not matter, and who stands still is noticed soon.
 */
final class OutputWatch {

    /** Nothing that is alive is silent for so long, on a machine under load either. */
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(2);

    private final Path directory;
    private final Duration longestSilence;
    private long writtenBytes = -1;
    private long writtenNanos;

    /** @param directory what is text in there, at whatever depth, must be named {@code *.log} or {@code *.out} */
    OutputWatch(Path directory) {
        this(directory, LONGEST_SILENCE);
    }

    OutputWatch(Path directory, Duration longestSilence) {
        this.directory = directory;
        this.longestSilence = longestSilence;
    }

    /** What is waited for; may be asked at any time. */
    interface Condition {

        boolean holds() throws IOException;
    }

    /** Fails, with all that was written, when it does not come about and nothing is written any more. */
    void awaitUntil(String what, Condition condition) {
        writtenNanos = System.nanoTime();
        await(what).forever().until(() -> {
            boolean holds = condition.holds();
            if (!holds && hasFallenSilent()) {
                throw new AssertionError("nothing was written for " + longestSilence.toSeconds()
                        + " s while waiting until " + what + "\n" + everything());
            }
            return holds;
        });
    }

    private boolean hasFallenSilent() {
        long bytes = files(directory.toFile()).mapToLong(File::length).sum();
        long nowNanos = System.nanoTime();
        if (bytes != writtenBytes) {
            writtenBytes = bytes;
            writtenNanos = nowNanos;
        }
        return nowNanos - writtenNanos > longestSilence.toNanos();
    }

    /** All that was written and is still there. */
    String everything() {
        return files(directory.toFile())
                .filter(file -> file.getName().matches(".*\\.(log|out)"))
                .map(file -> "== " + file + "\n" + content(file))
                .collect(Collectors.joining("\n"));
    }

    /** Files may go away meanwhile, which has no length and no content then. */
    private static Stream<File> files(File file) {
        File[] children = file.listFiles();
        return children == null ? Stream.of(file) : Arrays.stream(children).flatMap(OutputWatch::files);
    }

    private static String content(File file) {
        try {
            return new String(Files.readAllBytes(file.toPath()), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(" + e + ")";
        }
    }
}
