package io.camure.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/** Measures cells with crews that are there. */
final class Gauge {

    private static final long FIRST_ROUNDS = 200;
    private static final long FIRST_BYTES = 4_000_000;
    private static final long FIRST_MESSAGES = 2_000;
    private static final long LATENCY_RATE = 1000;
    private static final Duration IDLE = Duration.ofSeconds(5);
    private static final double BYTES_PER_GB = 1e9;

    private final Network network;
    private final Duration warmUp;
    private final Duration measured;

    Gauge(Network network, Duration warmUp, Duration measured) {
        this.network = network;
        this.warmUp = warmUp;
        this.measured = measured;
    }

    Measurement take(Crew crew, Cell cell) throws CellFailure, InterruptedException {
        if (crew.isFresh() && cell.work() == Work.BROADCAST) {
            // What JVMs that have just started do for the first size would be told of that size.
            broadcast(crew, cell);
        }
        return switch (cell.work()) {
            case BARRIER -> barrier(crew, cell);
            case BROADCAST -> broadcast(crew, cell);
            case LATENCY -> latency(crew, cell);
            case FOOTPRINT -> footprint(crew, cell);
        };
    }

    /**
     * How long to warm up: longer where the JVMs share processors, since each compiles its own code at first and a
     * measurement of that would be one of the compiler.
     */
    private Duration warmUp(Cell cell) {
        int processors = Runtime.getRuntime().availableProcessors();
        return warmUp.multipliedBy(cell.members() + 1L).dividedBy(Math.min(processors, cell.members() + 1L));
    }

    private Measurement barrier(Crew crew, Cell cell) throws CellFailure, InterruptedException {
        Duration warmUp = warmUp(cell);
        long rounds = FIRST_ROUNDS;
        double seconds = elapsed(rounds(crew, rounds, warmUp));
        // In two parts, because the first rounds say little about how fast the later ones are.
        for (double part : new double[] {0.25, 0.75}) {
            rounds = atLeast(FIRST_ROUNDS, rounds / seconds * part * toSeconds(warmUp));
            seconds = elapsed(rounds(crew, rounds, warmUp));
        }
        rounds = atLeast(FIRST_ROUNDS, rounds / seconds * toSeconds(measured));
        List<Fields> results = rounds(crew, rounds, measured);

        Fields coordinator = results.get(0);
        List<Fields> members = results.subList(1, results.size());
        return Measurement.of(cell)
                .with("rounds_s", rounds / elapsed(results))
                .with(Histograms.decode(coordinator.text("histogram")), name -> name)
                .with(merged(members), name -> "member_" + name)
                .with("datagrams_per_round", datagrams(results) / rounds)
                .with("cpu_us_per_round", coordinator.number("cpu") / 1e3 / rounds)
                .with("member_cpu_us_per_round", mean(members, member -> member.number("cpu")) / 1e3 / rounds);
    }

    private static List<Fields> rounds(Crew crew, long count, Duration planned)
            throws CellFailure, InterruptedException {
        return crew.askAll(
                Fields.of("rounds").with("count", count),
                "done",
                planned.multipliedBy(3).plus(Deadlines.PHASE));
    }

    private static double elapsed(List<Fields> results) {
        Fields coordinator = results.get(0);
        return (coordinator.number("end") - coordinator.number("start")) / 1e9;
    }

    private Measurement broadcast(Crew crew, Cell cell) throws CellFailure, InterruptedException {
        int size = sizeOf(cell);
        long count = Math.max(4, Math.min(FIRST_MESSAGES, FIRST_BYTES / size));
        Duration warmUp = warmUp(cell);
        double seconds = transfer(crew, size, count, 0, warmUp).seconds();
        for (double part : new double[] {0.25, 0.75}) {
            count = atLeast(4, count / seconds * part * toSeconds(warmUp));
            seconds = transfer(crew, size, count, 0, warmUp).seconds();
        }
        count = atLeast(4, count / seconds * toSeconds(measured));
        Transfer transfer = transfer(crew, size, count, 0, measured);

        double gigabytes = count * (double) size / BYTES_PER_GB;
        return Measurement.of(cell)
                .with("mb_s", count * (double) size / 1e6 / transfer.seconds())
                .with("msg_s", count / transfer.seconds())
                .with("cpu_s_per_gb", transfer.coordinator().number("cpu") / 1e9 / gigabytes)
                .with("member_cpu_s_per_gb", mean(transfer.members(), member -> member.number("cpu")) / 1e9 / gigabytes)
                .with("datagrams_per_message", (double) transfer.datagrams(network) / count);
    }

    private Measurement latency(Crew crew, Cell cell) throws CellFailure, InterruptedException {
        int size = sizeOf(cell);
        transfer(crew, size, atLeast(1, toSeconds(warmUp) * LATENCY_RATE), LATENCY_RATE, warmUp);
        long count = atLeast(1, toSeconds(measured) * LATENCY_RATE);
        Transfer transfer = transfer(crew, size, count, LATENCY_RATE, measured);
        return Measurement.of(cell)
                .with(merged(transfer.members()), name -> name)
                .with("msg_s", count / transfer.seconds())
                .with("cpu_us_per_message", transfer.coordinator().number("cpu") / 1e3 / count)
                .with(
                        "member_cpu_us_per_message",
                        mean(transfer.members(), member -> member.number("cpu")) / 1e3 / count);
    }

    /** From the first message's sending to the last message's being at the last member. */
    private static Transfer transfer(Crew crew, int size, long count, long rate, Duration planned)
            throws CellFailure, InterruptedException {
        Duration timeout = planned.multipliedBy(3).plus(Deadlines.PHASE);
        Fields receive = Fields.of("receive")
                .with("size", size)
                .with("count", count)
                .with("stamps", rate == 0 ? "number" : "time");
        for (NodeProcess member : crew.members()) {
            member.command(receive);
        }
        Crew.expectAll(crew.members(), "armed", Deadlines.PHASE);
        crew.coordinator()
                .command(Fields.of("send")
                        .with("size", size)
                        .with("count", count)
                        .with("rate", rate));
        List<Fields> members = Crew.expectAll(crew.members(), "done", timeout);
        crew.coordinator().command(Fields.of("received"));
        return new Transfer(crew.coordinator().expect("done", timeout), members);
    }

    private record Transfer(Fields coordinator, List<Fields> members) {

        double seconds() {
            long last = members.stream()
                    .mapToLong(member -> member.number("end"))
                    .max()
                    .orElseThrow();
            return (last - coordinator.number("start")) / 1e9;
        }

        long datagrams(Network network) {
            long sent = coordinator.number("datagrams");
            if (!network.isLoopback()) {
                sent += members.stream()
                        .mapToLong(member -> member.number("datagrams"))
                        .sum();
            }
            return sent;
        }
    }

    private Measurement footprint(Crew crew, Cell cell) throws CellFailure, InterruptedException {
        List<Fields> first = rounds(crew, 1, warmUp);
        double startUp = 0;
        for (int i = 1; i < first.size(); i++) {
            // The round before the one that was asked for is the first one; its end is the start of the other.
            long nanos =
                    first.get(i).number("start") - crew.members().get(i - 1).launched();
            startUp = Math.max(startUp, nanos / 1e6);
        }
        rounds(crew, FIRST_ROUNDS, warmUp);
        List<Fields> idle =
                crew.askAll(Fields.of("idle").with("millis", IDLE.toMillis()), "done", IDLE.plus(Deadlines.PHASE));
        Fields coordinator = idle.get(0);
        List<Fields> members = idle.subList(1, idle.size());
        double seconds = toSeconds(IDLE);
        return Measurement.of(cell)
                .with("member_start_ms", startUp)
                .with("threads", coordinator.number("threads"))
                .with("member_threads", mean(members, member -> member.number("threads")))
                .with("idle_cpu_ms_s", coordinator.number("cpu") / 1e6 / seconds)
                .with("member_idle_cpu_ms_s", mean(members, member -> member.number("cpu")) / 1e6 / seconds)
                .with("heap_mb", coordinator.number("heap") / 1e6)
                .with("member_heap_mb", mean(members, member -> member.number("heap")) / 1e6)
                .with("idle_datagrams_s", datagrams(idle) / seconds);
    }

    /** On loopback each node's count is already that of all. */
    private double datagrams(List<Fields> results) {
        if (network.isLoopback()) {
            return results.get(0).number("datagrams");
        }
        return results.stream().mapToLong(result -> result.number("datagrams")).sum();
    }

    private static Histogram merged(List<Fields> results) {
        Histogram merged = Histograms.empty();
        for (Fields result : results) {
            merged.add(Histograms.decode(result.text("histogram")));
        }
        return merged;
    }

    private static double mean(List<Fields> results, ToLongFunction<Fields> value) {
        return results.stream().mapToLong(value).average().orElseThrow();
    }

    private static int sizeOf(Cell cell) {
        Integer size = cell.size();
        if (size == null) {
            throw new IllegalArgumentException(cell + " has no size");
        }
        return size;
    }

    private static long atLeast(long minimum, double count) {
        return Math.max(minimum, Math.round(count));
    }

    private static double toSeconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
