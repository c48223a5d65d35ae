package io.camure.benchmarks.report;

import io.camure.benchmarks.Cell;
import io.camure.benchmarks.Measurement;
import io.camure.benchmarks.Results;
import io.camure.benchmarks.Work;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Measurements that nobody has made. */
final class Samples {

    private final List<Measurement> all = new ArrayList<>();

    /** A value for each repetition, as p50 and, ten times it, as p99. */
    Samples barrier(String system, int members, double... p50) {
        for (int i = 0; i < p50.length; i++) {
            Measurement measurement = Measurement.of(new Cell(system, Work.BARRIER, members, null, i + 1));
            Measurement.DISTRIBUTION.forEach((name, percentile) -> measurement.with(name, percentile));
            all.add(measurement
                    .with("p50_us", p50[i])
                    .with("p99_us", 10 * p50[i])
                    .with("rounds_s", 1e6 / p50[i])
                    .with("quiet", 1));
        }
        return this;
    }

    Samples broadcast(String system, int size, double... megabytes) {
        for (int i = 0; i < megabytes.length; i++) {
            all.add(Measurement.of(new Cell(system, Work.BROADCAST, 1, size, i + 1))
                    .with("mb_s", megabytes[i]));
        }
        return this;
    }

    /** Rounds of a collective; a value of its MB/s is 10,000 divided by the one of its p50, and twice as much by results. */
    Samples collective(String system, Work work, @Nullable Integer size, double... p50) {
        for (int i = 0; i < p50.length; i++) {
            all.add(Measurement.of(new Cell(system, work, 1, size, i + 1))
                    .with("p50_us", p50[i])
                    .with("rounds_s", 1e6 / p50[i])
                    .with("mb_s", 1e4 / p50[i])
                    .with("result_mb_s", 2e4 / p50[i]));
        }
        return this;
    }

    Samples add(Measurement measurement) {
        all.add(measurement);
        return this;
    }

    Results results() {
        return new Results(null).with(all);
    }

    Ranking ranking() {
        return new Ranking(all);
    }
}
