package io.camure.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/** What a set of nodes is told to do, and what it answers. */
final class Phases {

    private Phases() {}

    /** A number of rounds; the coordinator's answer comes first. */
    static List<Fields> rounds(Crew crew, Cell cell, long count, Duration planned)
            throws CellFailure, InterruptedException {
        Integer size = cell.size();
        Fields command = Fields.of("rounds")
                .with("count", count)
                .with("work", cell.work())
                .with("size", size == null ? 0 : size);
        return crew.askAll(command, "done", timeout(planned));
    }

    static double elapsed(List<Fields> results) {
        Fields coordinator = results.get(0);
        return (coordinator.number("end") - coordinator.number("start")) / 1e9;
    }

    /**
     * From the first message's sending to the last message's being at the last member.
     *
     * @param rate messages a second; 0 for as many as can be sent, which are numbered instead of timed
     */
    static Transfer transfer(Crew crew, int size, long count, long rate, Duration planned)
            throws CellFailure, InterruptedException {
        Duration timeout = timeout(planned);
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

    private static Duration timeout(Duration planned) {
        return planned.multipliedBy(3).plus(Deadlines.PHASE);
    }

    static Histogram merged(List<Fields> results) {
        Histogram merged = Histograms.empty();
        for (Fields result : results) {
            merged.add(Histograms.of(result));
        }
        return merged;
    }

    static double mean(List<Fields> results, ToLongFunction<Fields> value) {
        return results.stream().mapToLong(value).average().orElseThrow();
    }

    /** Messages that all members have. */
    record Transfer(Fields coordinator, List<Fields> members) {

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
}
