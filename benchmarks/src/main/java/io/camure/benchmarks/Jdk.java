package io.camure.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What runs a node.
 *
 * @param version its first number, such as 17
 */
record Jdk(Path home, int version) {

    private static final Pattern VERSION = Pattern.compile("^JAVA_VERSION=\"(\\d+)", Pattern.MULTILINE);
    private static final int FIRST_WITH_NATIVE_ACCESS = 22;
    private static final int FIRST_THAT_LOGS_DEOPTIMIZATIONS = 21;

    static Jdk current() {
        return new Jdk(
                Path.of(System.getProperty("java.home")), Runtime.version().feature());
    }

    /** @throws IOException if there is none in this directory */
    static Jdk in(Path home) throws IOException {
        Matcher matcher = VERSION.matcher(Files.readString(home.resolve("release")));
        if (!matcher.find()) {
            throw new IOException("'" + home.resolve("release") + "' does not say which version it is");
        }
        return new Jdk(home, Integer.parseInt(matcher.group(1)));
    }

    String java() {
        return home.resolve("bin").resolve("java").toString();
    }

    boolean hasNativeAccess() {
        return version >= FIRST_WITH_NATIVE_ACCESS;
    }

    /** Has a JVM write a line for each deoptimization, or where it can't, for each method that is not entered any more. */
    String loggingDeoptimizations(Path file) {
        String what = version >= FIRST_THAT_LOGS_DEOPTIMIZATIONS ? "deoptimization" : "jit+compilation";
        return "-Xlog:" + what + "=debug:file=" + file + ":none:filecount=0";
    }

    /** How many such lines there are. */
    long deoptimizations(Path file) throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> version >= FIRST_THAT_LOGS_DEOPTIMIZATIONS || line.contains("made not entrant"))
                    .count();
        }
    }
}
