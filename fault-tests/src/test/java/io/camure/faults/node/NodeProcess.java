package io.camure.faults.node;

import io.camure.test.support.JavaProcess;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A node in a process of its own, as its test sees it. It ends with the test. */
public final class NodeProcess implements AutoCloseable {

    /** Longer than any machine takes for something short. */
    private static final long PATIENCE_SECONDS = 60;

    private static final List<String> JVM_OPTIONS =
            List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.net.preferIPv4Stack=true");

    private final JavaProcess process;
    private final ObjectOutputStream requests;
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<Integer, CompletableFuture<Serializable>> open = new ConcurrentHashMap<>();

    private NodeProcess(JavaProcess process) throws IOException {
        this.process = process;
        requests = new ObjectOutputStream(process.input());
        requests.flush();
        Thread reader = new Thread(this::readReplies, "replies-of-" + process.id());
        reader.setDaemon(true);
        reader.start();
    }

    /** @param prefix what the command line begins with, to have it start somewhere else; may be empty */
    public static NodeProcess start(List<String> prefix, String... jvmOptions) throws IOException {
        List<String> options = new ArrayList<>(JVM_OPTIONS);
        if (Runtime.version().feature() >= 22) {
            options.add("--enable-native-access=ALL-UNNAMED");
        }
        options.addAll(List.of(jvmOptions));
        return new NodeProcess(JavaProcess.start(prefix, options, NodeMain.class.getName()));
    }

    /** Has it do something. The future fails as the task does, and when the process ends. */
    public <T extends Serializable> CompletableFuture<T> begin(NodeTask<T> task) {
        int number = numbers.incrementAndGet();
        CompletableFuture<Serializable> reply = new CompletableFuture<>();
        open.put(number, reply);
        try {
            synchronized (requests) {
                requests.writeObject(new NodeMain.Request(number, task));
                requests.reset();
                requests.flush();
            }
        } catch (IOException e) {
            reply.completeExceptionally(e);
        }
        @SuppressWarnings("unchecked") // The reply is what the task has given back.
        CompletableFuture<T> typed = (CompletableFuture<T>) reply;
        return typed;
    }

    /** Has it do something short. */
    public <T extends Serializable> T run(NodeTask<T> task) throws Exception {
        return begin(task).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Has it do something short that gives nothing back. */
    public void act(NodeAction action) throws Exception {
        run(node -> {
            action.run(node);
            return true;
        });
    }

    /** As {@code kill -9} does. */
    public void kill() {
        process.kill();
    }

    /** Stops it as a debugger or the Ctrl-Z of a shell does. */
    public void pause() throws IOException, InterruptedException {
        process.pause();
    }

    public void resume() throws IOException, InterruptedException {
        process.resume();
    }

    @Override
    public void close() {
        kill();
    }

    private void readReplies() {
        try (ObjectInputStream replies = new ObjectInputStream(new BufferedInputStream(process.output()))) {
            while (true) {
                NodeMain.Reply reply = (NodeMain.Reply) replies.readObject();
                CompletableFuture<Serializable> waiting = open.remove(reply.number());
                if (reply.failure() == null) {
                    waiting.complete(reply.value());
                } else {
                    waiting.completeExceptionally(reply.failure());
                }
            }
        } catch (IOException | ClassNotFoundException e) {
            open.values().forEach(waiting -> waiting.completeExceptionally(e));
        }
    }
}
