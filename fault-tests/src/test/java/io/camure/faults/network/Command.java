package io.camure.faults.network;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a short command of the system to its end. */
final class Command {

    private static final long PATIENCE_SECONDS = 60;

    private Command() {}

    /**
     * @param words separated by single spaces
     * @param lastWord one that may have spaces in it
     * @return what it printed
     * @throws IOException when it fails
     */
    static String run(String words, String... lastWord) throws IOException {
        List<String> command = new ArrayList<>(List.of(words.split(" ")));
        command.addAll(List.of(lastWord));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!hasEnded(process) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("'" + String.join(" ", command) + "' has failed: " + output.strip());
        }
        return output;
    }

    private static boolean hasEnded(Process process) throws IOException {
        try {
            return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a command of the system ran");
        }
    }
}
