package io.camure.benchmarks;

import io.camure.benchmarks.Contender.Sender;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The coordinator's side of a broadcast. */
final class SendingJob implements Job {

    private final Sender sender;
    private final Node node;

    SendingJob(Sender sender, Node node) {
        this.sender = sender;
        this.node = node;
    }

    @Override
    public void run(Fields command) throws Exception {
        switch (command.word()) {
            case "gather" -> {
                sender.gather();
                node.reply(Fields.of("gathered"));
            }
            case "send" ->
                node.reply(send((int) command.number("size"), command.number("count"), command.number("rate")));
            case "rest" -> {
                rest(TimeUnit.MILLISECONDS.toNanos(command.number("millis")));
                node.reply(Fields.of("rested"));
            }
            default -> throw new IllegalArgumentException("a sender does not know '" + command + "'");
        }
    }

    /** @param rate messages a second; 0 for as many as can be sent */
    private Fields send(int size, long count, long rate) throws Exception {
        byte[] message = new byte[size];
        ByteBuffer stamp = ByteBuffer.wrap(message);
        long datagrams = Usage.datagrams();
        long cpu = Usage.cpuNanos();
        long start = System.nanoTime();
        if (rate == 0) {
            for (long i = 0; i < count; i++) {
                stamp.putLong(0, i);
                sender.send(message);
            }
            sender.flush();
        } else {
            long interval = TimeUnit.SECONDS.toNanos(1) / rate;
            for (long i = 0; i < count; i++) {
                waitUntil(start + i * interval);
                stamp.putLong(0, System.nanoTime());
                sender.send(message);
                sender.flush();
            }
        }
        // Until the driver, to which the members report, says that all have everything.
        while (!node.hasCommand()) {
            sender.drive();
        }
        node.nextCommand();
        return Fields.of("done")
                .with("start", start)
                .with("cpu", Usage.cpuNanos() - cpu)
                .with("datagrams", Usage.datagrams() - datagrams);
    }

    private void rest(long nanos) throws Exception {
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) {
            sender.drive();
        }
    }

    private static void waitUntil(long nanos) {
        long left = nanos - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = nanos - System.nanoTime();
        }
    }

    @Override
    public void close() throws IOException {
        sender.close();
    }
}
