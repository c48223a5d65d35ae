package io.camure.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Measures cells one after the other, each group of them with a crew of its own. */
final class Run {

    private final Network network;
    private final Gauge gauge;
    private final Path directory;
    private final List<String> jvmOptions;
    private final Consumer<Measurement> results;

    Run(Network network, Gauge gauge, Path directory, List<String> jvmOptions, Consumer<Measurement> results) {
        this.network = network;
        this.gauge = gauge;
        this.directory = directory;
        this.jvmOptions = jvmOptions;
        this.results = results;
    }

    /** Measures a cell, or if there are sizes one of each; what has failed is tried once more with a new crew. */
    void measure(Cell cell, List<Integer> sizes) throws InterruptedException {
        if (!Contenders.canDo(cell.system(), cell.work())) {
            return;
        }
        List<Cell> cells = new ArrayList<>();
        sizes.forEach(size -> cells.add(cell.ofSize(size)));
        if (sizes.isEmpty()) {
            cells.add(cell);
        }
        boolean repeated = false;
        while (!cells.isEmpty()) {
            try (Crew crew = Crew.start(cells.get(0), network, directory, jvmOptions)) {
                repeated = measure(crew, cells, repeated);
            } catch (CellFailure e) {
                repeated = afterFailure(cells, repeated, e);
            }
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
            crew.end();
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
