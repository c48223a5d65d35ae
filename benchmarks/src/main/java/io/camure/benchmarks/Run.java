package io.camure.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Measures cells one after the other, each group of them with a crew of its own. */
final class Run {

    private final Gauge gauge;
    private final ColdGauge cold;
    private final Setup setup;
    private final Archives archives;
    private final Consumer<Measurement> results;

    Run(Gauge gauge, ColdGauge cold, Setup setup, Consumer<Measurement> results) {
        this.gauge = gauge;
        this.cold = cold;
        this.setup = setup;
        this.results = results;
        archives = new Archives(setup.directory());
    }

    /** Measures a cell, or if there are sizes one of each; what has failed is tried once more with a new crew. */
    void measure(Cell cell, List<Integer> sizes) throws InterruptedException {
        SystemName system = SystemName.parse(cell.system());
        if (!Contenders.canDo(system, cell.work())) {
            return;
        }
        List<Cell> cells = new ArrayList<>();
        sizes.forEach(size -> cells.add(cell.ofSize(size)));
        if (sizes.isEmpty()) {
            cells.add(cell);
        }
        boolean repeated = false;
        while (!cells.isEmpty()) {
            try {
                train(cells.get(0));
                try (Crew crew = Crew.start(cells.get(0), setup, archives)) {
                    repeated = measure(crew, cells, repeated);
                }
            } catch (CellFailure e) {
                repeated = afterFailure(cells, repeated, e);
            }
        }
    }

    private void train(Cell cell) throws CellFailure, InterruptedException {
        if (!archives.areMissing(cell)) {
            return;
        }
        try (Crew crew = Crew.startTraining(cell, setup, archives)) {
            cold.train(crew, cell);
            crew.end(Deadlines.ARCHIVE);
        }
        if (archives.areMissing(cell)) {
            throw new CellFailure("the training run has made no archive");
        }
    }

    /** Takes what was measured from the list; gives back whether the next one is a second try. */
    private boolean measure(Crew crew, List<Cell> cells, boolean repeated) throws InterruptedException {
        boolean secondTry = repeated;
        try {
            while (!cells.isEmpty()) {
                Measurement measurement = gauge.take(crew, cells.get(0));
                results.accept(secondTry ? measurement.asRepeated() : measurement);
                cells.remove(0);
                secondTry = false;
            }
            crew.end(Deadlines.END);
            return false;
        } catch (CellFailure e) {
            crew.kill();
            return !cells.isEmpty() && afterFailure(cells, secondTry, e);
        }
    }

    private boolean afterFailure(List<Cell> cells, boolean repeated, CellFailure failure) {
        if (!repeated) {
            return true;
        }
        results.accept(Measurement.failed(cells.remove(0), String.valueOf(failure.getMessage())));
        return false;
    }
}
