package io.camure.benchmarks;

import io.camure.benchmarks.Contender.Meeting;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** A node's side of a barrier, or of other rounds. */
final class MeetingJob implements Job {

    private final Meeting meeting;
    private final Node node;

    MeetingJob(Meeting meeting, Node node) {
        this.meeting = meeting;
        this.node = node;
    }

    @Override
    public void run(Fields command) throws Exception {
        switch (command.word()) {
            case "gather" -> {
                meeting.gather();
                node.reply(Fields.of("gathered"));
            }
            case "rounds" -> {
                meeting.carry((int) command.number("size"));
                node.reply(rounds(command.number("count")));
            }
            case "idle" -> node.reply(idle(command.number("millis")));
            default -> throw new IllegalArgumentException("a meeting does not know '" + command + "'");
        }
    }

    /** One round more than counted: the first one waits for the nodes to get their command. */
    private Fields rounds(long count) throws Exception {
        Histogram histogram = Histograms.empty();
        meeting.await();
        long datagrams = Usage.datagrams();
        long cpu = Usage.cpuNanos();
        long start = System.nanoTime();
        long before = start;
        for (long i = 0; i < count; i++) {
            meeting.await();
            long now = System.nanoTime();
            histogram.recordValue(now - before);
            before = now;
        }
        return Fields.of("done")
                .with("start", start)
                .with("end", before)
                .with("cpu", Usage.cpuNanos() - cpu)
                .with("datagrams", Usage.datagrams() - datagrams)
                .with("histogram", Histograms.encode(histogram));
    }

    private Fields idle(long millis) throws IOException, InterruptedException {
        long cpu = Usage.cpuNanos();
        long datagrams = Usage.datagrams();
        meeting.rest(TimeUnit.MILLISECONDS.toNanos(millis));
        cpu = Usage.cpuNanos() - cpu;
        datagrams = Usage.datagrams() - datagrams;
        System.gc();
        return Fields.of("done")
                .with("cpu", cpu)
                .with("datagrams", datagrams)
                .with("threads", ManagementFactory.getThreadMXBean().getThreadCount())
                .with(
                        "heap",
                        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }

    @Override
    public void close() throws IOException {
        meeting.close();
    }
}
