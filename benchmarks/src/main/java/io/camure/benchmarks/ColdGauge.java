package io.camure.benchmarks;

import io.camure.benchmarks.Phases.Transfer;
import java.time.Duration;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Measures what nodes do first: JVMs that have just been started have nothing compiled.
 *
 * @param idle how long to do nothing before a single message
 */
record ColdGauge(Duration idle) {

    private static final long ROUNDS = 1000;
    private static final long BYTES = 25_000_000;
    private static final Duration PLANNED = Duration.ofSeconds(20);

    /** Fast enough to be sent at once, and timed. */
    private static final long RATE = 1000;

    Measurement barrier(Crew crew, Cell cell) throws CellFailure, InterruptedException {
        List<Fields> results = Phases.rounds(crew, cell, ROUNDS, PLANNED);
        Histogram histogram = Histograms.of(results.get(0));
        return Measurement.of(cell)
                .with("first_rounds_ms", Phases.elapsed(results) * 1e3)
                .with(histogram, name -> name)
                .withDistribution(histogram);
    }

    /** The message after idling is for JVMs that were started as always: how they were is of no matter then. */
    Measurement broadcast(Crew crew, Cell cell) throws CellFailure, InterruptedException {
        int size = cell.requiredSize();
        long count = BYTES / size;
        Transfer transfer = Phases.transfer(crew, size, count, 0, PLANNED);
        Measurement measurement =
                Measurement.of(cell).with("first_mb_s", count * (double) size / 1e6 / transfer.seconds());
        if (SystemName.parse(cell.system()).start() == Start.PLAIN) {
            rest(crew);
            Transfer single = Phases.transfer(crew, size, 1, RATE, PLANNED);
            measurement.with("after_idle_us", Phases.merged(single.members()).getMaxValue() / 1e3);
        }
        return measurement;
    }

    /** The coordinator's caller may have to work for its system; members' systems have threads that do. */
    private void rest(Crew crew) throws CellFailure, InterruptedException {
        crew.coordinator().command(Fields.of("rest").with("millis", idle.toMillis()));
        crew.coordinator().expect("rested", idle.plus(Deadlines.PHASE));
    }

    /** Does what is measured, so that archives have what it takes. */
    void train(Crew crew, Cell cell) throws CellFailure, InterruptedException {
        if (cell.work().isMeeting()) {
            Phases.rounds(crew, cell, ROUNDS, PLANNED);
        } else {
            Phases.transfer(crew, cell.requiredSize(), BYTES / cell.requiredSize(), 0, PLANNED);
        }
    }
}
