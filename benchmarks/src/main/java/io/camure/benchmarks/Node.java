package io.camure.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A node of a set, in a JVM of its own: does what the driver writes to its standard input, and answers on its output. */
public final class Node {

    private static final String FAILED = "failed";

    private final PrintStream replies;
    private final BlockingQueue<Fields> commands = new LinkedBlockingQueue<>();

    private Node(PrintStream replies) {
        this.replies = replies;
    }

    /** @param args the system, the work, and the {@link Place#parse place} */
    public static void main(String[] args) throws Exception {
        Node node = new Node(System.out);
        // Libraries that print must not print between the replies.
        System.setOut(System.err);
        startThread("commands", node::readCommands);
        try {
            Place place = Place.parse(args[2], args[3], args[4], args[5], args[6]);
            Contender contender = Contenders.named(SystemName.parse(args[0]));
            try (Job job = Job.open(contender, Work.parse(args[1]), place, node)) {
                node.reply(Fields.of("started"));
                Fields command = node.nextCommand();
                while (!command.word().equals("end")) {
                    if (command.word().equals("compilation")) {
                        node.reply(Fields.of("compilation").with("millis", Usage.compilationMillis()));
                    } else {
                        job.run(command);
                    }
                    command = node.nextCommand();
                }
            }
        } catch (Throwable e) {
            node.fail(e);
        }
        // Some library's thread may not be a daemon.
        System.exit(0);
    }

    /** Runs it on a daemon thread; what it throws ends the process. */
    public static void startThread(String name, Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (Throwable e) {
                e.printStackTrace();
                Runtime.getRuntime().halt(1);
            }
        });
        thread.setName(name);
        thread.setDaemon(true);
        thread.start();
    }

    Fields nextCommand() throws InterruptedException {
        return commands.take();
    }

    /** Whether the driver has written something that was not taken. */
    boolean hasCommand() {
        return !commands.isEmpty();
    }

    void reply(Fields reply) {
        replies.println(reply);
        replies.flush();
    }

    private void fail(Throwable failure) {
        failure.printStackTrace();
        reply(Fields.of(FAILED).with("reason", failure.toString().replaceAll("\\s+", "_")));
        Runtime.getRuntime().halt(1);
    }

    private void readCommands() throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line = reader.readLine();
        while (line != null) {
            commands.add(Fields.parse(line));
            line = reader.readLine();
        }
        // Without its driver a node has nothing to live for.
        Runtime.getRuntime().halt(1);
    }

    /** What a thread does. */
    public interface Task {

        void run() throws Exception;
    }
}
