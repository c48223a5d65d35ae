package io.camure.benchmarks;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A node's process, at the driver. */
final class NodeProcess implements AutoCloseable {

    private static final Fields ENDED = Fields.of("ended");

    private final String name;
    private final Process process;
    private final Writer commands;
    private final BufferedReader reader;
    private final BlockingQueue<Fields> replies = new LinkedBlockingQueue<>();
    private final long launched;

    private NodeProcess(String name, Process process, long launched, BufferedReader reader, Writer commands) {
        this.name = name;
        this.process = process;
        this.launched = launched;
        this.reader = reader;
        this.commands = commands;
        Thread thread = new Thread(this::readReplies, name + "-replies");
        thread.setDaemon(true);
        thread.start();
    }

    /** @param log where its standard error output goes */
    static NodeProcess start(String name, List<String> command, Path log) throws CellFailure {
        long launched = System.nanoTime();
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(new File(log.toString())))
                    .start();
            return new NodeProcess(
                    name,
                    process,
                    launched,
                    process.inputReader(StandardCharsets.UTF_8),
                    process.outputWriter(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new CellFailure(name + " could not be started: " + e.getMessage(), e);
        }
    }

    /** One that another process has started, and that has connected. */
    static NodeProcess at(SocketChannel channel, String name, Process parent) throws IOException {
        SocketStreams streams = new SocketStreams(channel);
        return new NodeProcess(
                name,
                parent,
                System.nanoTime(),
                new BufferedReader(new InputStreamReader(streams.input(), StandardCharsets.UTF_8)),
                new OutputStreamWriter(streams.output(), StandardCharsets.UTF_8));
    }

    /** When it was started, in the time of {@link System#nanoTime}, which all processes of a machine share. */
    long launched() {
        return launched;
    }

    void command(Fields command) throws CellFailure {
        try {
            commands.write(command + "\n");
            commands.flush();
        } catch (IOException e) {
            throw new CellFailure(name + " has ended", e);
        }
    }

    /** Waits for the next reply, which must be this one. */
    Fields expect(String word, Duration timeout) throws CellFailure, InterruptedException {
        Fields reply = replies.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        if (reply == null) {
            throw new CellFailure(name + " did not answer '" + word + "' within " + timeout.toSeconds() + " s");
        }
        if (reply.word().equals("failed")) {
            throw new CellFailure(name + ": " + reply.text("reason").replace('_', ' '));
        }
        if (!reply.word().equals(word)) {
            throw new CellFailure(name + " answered '" + reply.word() + "' instead of '" + word + "'");
        }
        return reply;
    }

    /** Asks it to end; {@link #close} then does not take it by surprise. */
    void end() throws CellFailure {
        command(Fields.of("end"));
    }

    /** Waits a moment for it to end, then kills it. */
    @Override
    public void close() {
        close(Deadlines.END);
    }

    /** Waits for it to end, then kills it. */
    void close(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
                process.waitFor();
            }
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
    }

    /** Processes that it has started, of mpirun, end with it. */
    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private void readReplies() {
        try (reader) {
            String line = reader.readLine();
            while (line != null) {
                replies.add(Fields.parse(line));
                line = reader.readLine();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            replies.add(ENDED);
        }
    }
}
