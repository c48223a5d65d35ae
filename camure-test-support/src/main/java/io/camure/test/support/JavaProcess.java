package io.camure.test.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A JVM that runs a class of the test's class path and can be killed or stopped. What it writes to its standard error becomes
 * part of the test's output. It must end by itself when its standard input does, since the test may be killed, too.
 */
public final class JavaProcess implements AutoCloseable {

    private final Process process;

    private JavaProcess(Process process) {
        this.process = process;
        Thread errors = new Thread(this::passErrorsOn, "errors-of-" + process.pid());
        errors.setDaemon(true);
        errors.start();
    }

    /**
     * @param prefix what the command line begins with, to have it start somewhere else; may be empty
     * @param main the class and the arguments of its main method
     */
    public static JavaProcess start(List<String> prefix, List<String> jvmOptions, String... main) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(main));
        return new JavaProcess(new ProcessBuilder(command).start());
    }

    /** Has this process end when its standard input does; for the main method of one that does not read it. */
    public static void endWithParent() {
        Thread watchdog = new Thread(JavaProcess::awaitEndOfInput, "watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
    }

    private static void awaitEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever written: the end comes when the parent does.
            }
        } catch (IOException e) {
            // As good as the end.
        }
        Runtime.getRuntime().halt(1);
    }

    private void passErrorsOn() {
        try (BufferedReader errors = process.errorReader(StandardCharsets.UTF_8)) {
            errors.lines().forEach(System.err::println);
        } catch (IOException | UncheckedIOException e) {
            // It was killed, and what it said last is lost.
        }
    }

    /** Its standard input. */
    public OutputStream input() {
        return process.getOutputStream();
    }

    /** Its standard output. */
    public InputStream output() {
        return process.getInputStream();
    }

    /** Its exit status, once it has ended. */
    public int exitStatus() throws InterruptedException {
        return process.waitFor();
    }

    public long id() {
        return process.pid();
    }

    /** As {@code kill -9} does; it is gone when this returns. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Asks it to end, as {@code kill} does, without waiting for that, and without ending its standard input. */
    public void terminate() throws IOException, InterruptedException {
        signal("TERM");
    }

    /** Stops it as a debugger or the Ctrl-Z of a shell does. */
    public void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Lets it go on after {@link #pause}. */
    public void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(id()))
                .redirectErrorStream(true)
                .start();
        String said = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!kill.waitFor(Loopback.LONG.toMillis(), TimeUnit.MILLISECONDS) || kill.exitValue() != 0) {
            throw new IOException("can't send signal " + name + " to process " + id() + ": " + said);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
