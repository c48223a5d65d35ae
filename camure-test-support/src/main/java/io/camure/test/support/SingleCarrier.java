package io.camure.test.support;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.Transport;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A process whose virtual threads have one carrier between them: while one of them waits, others run only if it lets them. */
public final class SingleCarrier {

    /** What {@link #tryDuring} gives back when others have run. */
    public static final String OTHERS_HAVE_RUN = "others have run";

    /** More than the keeper lingers, so that whoever might drive does. */
    private static final int PROBES = 20;

    private static final int PROBE_INTERVAL_MILLIS = 5;

    private SingleCarrier() {}

    /** Tries it in a process of its own, on Java 21 or later, and gives back {@link #OTHERS_HAVE_RUN} or what went wrong. */
    public static String tryDuring(LongWait wait, Transport transport) throws Exception {
        List<String> options = List.of(
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Djdk.virtualThreadScheduler.parallelism=1",
                "-Djdk.virtualThreadScheduler.maxPoolSize=1");
        String[] main = {SingleCarrier.class.getName(), wait.name(), transport.name()};
        try (JavaProcess process = JavaProcess.start(List.of(), options, main)) {
            return CompletableFuture.supplyAsync(() -> outputOf(process))
                    .get(90, SECONDS)
                    .strip();
        }
    }

    private static String outputOf(JavaProcess process) {
        try {
            return new String(process.output().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends by itself when others do not run. */
    public static void main(String[] arguments) {
        JavaProcess.endWithParent();
        PrintStream parent = System.out;
        // What anybody logs must not be taken for the answer.
        System.setOut(System.err);
        try (LongWait.Nodes nodes = new LongWait.Nodes(Transport.valueOf(arguments[1]))) {
            runOthersDuring(LongWait.valueOf(arguments[0]), nodes);
            parent.println(OTHERS_HAVE_RUN);
        } catch (Throwable e) {
            e.printStackTrace(parent);
        } finally {
            parent.flush();
            Runtime.getRuntime().halt(0);
        }
    }

    private static void runOthersDuring(LongWait wait, LongWait.Nodes nodes) throws Exception {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        CompletableFuture<Void> waiting = new CompletableFuture<>();
        Thread thread = startVirtual(() -> {
            begun.complete(null);
            try {
                wait.perform(nodes);
                waiting.complete(null);
            } catch (Throwable e) {
                waiting.completeExceptionally(e);
            }
        });
        begun.get(30, SECONDS);
        for (int i = 0; i < PROBES; i++) {
            CompletableFuture<Void> other = new CompletableFuture<>();
            startVirtual(() -> other.complete(null));
            other.get(30, SECONDS);
            Thread.sleep(PROBE_INTERVAL_MILLIS);
        }
        if (waiting.isDone()) {
            waiting.join();
            throw new IllegalStateException("nothing was waited for");
        }
        thread.interrupt();
        waiting.handle((result, failure) -> failure).get(30, SECONDS);
    }

    /** By reflection, since this is compiled for Java 17. */
    private static Thread startVirtual(Runnable task) throws ReflectiveOperationException {
        return (Thread)
                Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
    }
}
