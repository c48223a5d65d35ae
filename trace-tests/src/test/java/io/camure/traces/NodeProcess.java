package io.camure.traces;

import io.camure.test.support.JavaProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** A {@link TracedNode} in a JVM of its own, and what it has said. */
final class NodeProcess implements AutoCloseable {

    private final JavaProcess process;
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final List<String> spans = new CopyOnWriteArrayList<>();

    NodeProcess(String name, List<String> properties) throws IOException {
        List<String> main = new ArrayList<>(List.of(TracedNode.class.getName(), "--camure.name=" + name));
        properties.forEach(property -> main.add("--" + property));
        process = JavaProcess.start(
                List.of(),
                List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                main.toArray(String[]::new));
        Thread reader = new Thread(this::read, "output-of-" + name);
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.output(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(TracedNode.READY)) {
                    port.complete(Integer.valueOf(line.substring(TracedNode.READY.length())));
                } else if (line.startsWith(TracedNode.SPAN)) {
                    spans.add(line.substring(TracedNode.SPAN.length()));
                } else {
                    System.out.println(line);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            // It was killed, and what it said last is lost.
        }
        port.completeExceptionally(new IllegalStateException("it has ended"));
    }

    /** The port of its server, once it is ready. */
    CompletableFuture<Integer> port() {
        return port;
    }

    /** Those that have ended, each its trace and its name. */
    List<String> spans() {
        return List.copyOf(spans);
    }

    @Override
    public void close() {
        process.kill();
    }
}
