package io.camure.benchmarks;

import io.camure.benchmarks.Phases.Transfer;
import io.camure.benchmarks.WarmUp.Outcome;
import java.time.Duration;
import java.util.List;
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
    private final WarmUp warmUp;
    private final Duration measured;
    private final ColdGauge cold;

    Gauge(Network network, WarmUp warmUp, Duration measured, ColdGauge cold) {
        this.network = network;
        this.warmUp = warmUp;
        this.measured = measured;
        this.cold = cold;
    }

    Measurement take(Crew crew, Cell cell) throws CellFailure, InterruptedException {
        return switch (cell.work()) {
            case BARRIER, ALLREDUCE, ALLGATHER -> rounds(crew, cell);
            case BROADCAST -> broadcast(crew, cell);
            case LATENCY -> latency(crew, cell);
            case COLD_BARRIER -> cold.barrier(crew, cell);
            case COLD_BROADCAST -> cold.broadcast(crew, cell);
            case FOOTPRINT -> footprint(crew, cell);
        };
    }

    private Measurement rounds(Crew crew, Cell cell) throws CellFailure, InterruptedException {
        Integer size = cell.size();
        long first = size == null ? FIRST_ROUNDS : Math.max(4, Math.min(FIRST_ROUNDS, FIRST_BYTES / size));
        Outcome warm =
                warmUp.run(crew, (count, planned) -> Phases.elapsed(Phases.rounds(crew, cell, count, planned)), first);
        long rounds = atLeast(first, warm.rate() * toSeconds(measured));
        List<Fields> results = Phases.rounds(crew, cell, rounds, measured);
        Measurement measurement = Measurement.of(cell);
        if (size != null) {
            double megabytes = rounds * (double) size / 1e6 / Phases.elapsed(results);
            // What the coordinator has to receive, and what all get.
            measurement.with("mb_s", megabytes * cell.members()).with("result_mb_s", megabytes * (cell.members() + 1));
        }

        Fields coordinator = results.get(0);
        List<Fields> members = results.subList(1, results.size());
        Histogram histogram = Histograms.of(coordinator);
        return warm.addTo(measurement
                .with("rounds_s", rounds / Phases.elapsed(results))
                .with(histogram, name -> name)
                .withDistribution(histogram)
                .with(Phases.merged(members), name -> "member_" + name)
                .with("datagrams_per_round", datagrams(results) / rounds)
                .with("cpu_us_per_round", coordinator.number("cpu") / 1e3 / rounds)
                .with("member_cpu_us_per_round", Phases.mean(members, member -> member.number("cpu")) / 1e3 / rounds));
    }

    /** The first size takes longest to warm up, and the others find much of it done. */
    private Measurement broadcast(Crew crew, Cell cell) throws CellFailure, InterruptedException {
        int size = cell.requiredSize();
        Outcome warm = warmUp.run(
                crew,
                (count, planned) ->
                        Phases.transfer(crew, size, count, 0, planned).seconds(),
                Math.max(4, Math.min(FIRST_MESSAGES, FIRST_BYTES / size)));
        long count = atLeast(4, warm.rate() * toSeconds(measured));
        Transfer transfer = Phases.transfer(crew, size, count, 0, measured);

        double gigabytes = count * (double) size / BYTES_PER_GB;
        return warm.addTo(Measurement.of(cell)
                .with("mb_s", count * (double) size / 1e6 / transfer.seconds())
                .with("msg_s", count / transfer.seconds())
                .with("cpu_s_per_gb", transfer.coordinator().number("cpu") / 1e9 / gigabytes)
                .with(
                        "member_cpu_s_per_gb",
                        Phases.mean(transfer.members(), member -> member.number("cpu")) / 1e9 / gigabytes)
                .with("datagrams_per_message", (double) transfer.datagrams(network) / count));
    }

    private Measurement latency(Crew crew, Cell cell) throws CellFailure, InterruptedException {
        int size = cell.requiredSize();
        Outcome warm = warmUp.run(
                crew,
                (count, planned) -> Phases.transfer(crew, size, count, LATENCY_RATE, planned)
                        .seconds(),
                LATENCY_RATE / 4);
        long count = atLeast(1, toSeconds(measured) * LATENCY_RATE);
        Transfer transfer = Phases.transfer(crew, size, count, LATENCY_RATE, measured);
        Histogram histogram = Phases.merged(transfer.members());
        return warm.addTo(Measurement.of(cell)
                .with(histogram, name -> name)
                .withDistribution(histogram)
                .with("msg_s", count / transfer.seconds())
                .with("cpu_us_per_message", transfer.coordinator().number("cpu") / 1e3 / count)
                .with(
                        "member_cpu_us_per_message",
                        Phases.mean(transfer.members(), member -> member.number("cpu")) / 1e3 / count));
    }

    private Measurement footprint(Crew crew, Cell cell) throws CellFailure, InterruptedException {
        List<Fields> first = Phases.rounds(crew, cell, 1, measured);
        double startUp = 0;
        for (int i = 1; i < first.size(); i++) {
            // The round before the one that was asked for is the first one; its end is the start of the other.
            long nanos =
                    first.get(i).number("start") - crew.members().get(i - 1).launched();
            startUp = Math.max(startUp, nanos / 1e6);
        }
        Phases.rounds(crew, cell, FIRST_ROUNDS, measured);
        List<Fields> idle =
                crew.askAll(Fields.of("idle").with("millis", IDLE.toMillis()), "done", IDLE.plus(Deadlines.PHASE));
        Fields coordinator = idle.get(0);
        List<Fields> members = idle.subList(1, idle.size());
        double seconds = toSeconds(IDLE);
        return Measurement.of(cell)
                .with("member_start_ms", startUp)
                .with("threads", coordinator.number("threads"))
                .with("member_threads", Phases.mean(members, member -> member.number("threads")))
                .with("idle_cpu_ms_s", coordinator.number("cpu") / 1e6 / seconds)
                .with("member_idle_cpu_ms_s", Phases.mean(members, member -> member.number("cpu")) / 1e6 / seconds)
                .with("heap_mb", coordinator.number("heap") / 1e6)
                .with("member_heap_mb", Phases.mean(members, member -> member.number("heap")) / 1e6)
                .with("idle_datagrams_s", datagrams(idle) / seconds);
    }

    /** On loopback each node's count is already that of all. */
    private double datagrams(List<Fields> results) {
        if (network.isLoopback()) {
            return results.get(0).number("datagrams");
        }
        return results.stream().mapToLong(result -> result.number("datagrams")).sum();
    }

    private static long atLeast(long minimum, double count) {
        return Math.max(minimum, Math.round(count));
    }

    private static double toSeconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
