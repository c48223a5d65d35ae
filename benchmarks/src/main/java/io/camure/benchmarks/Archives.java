package io.camure.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The AOT caches and class archives of a run. Each system has one for the coordinator and one for members, for what it does at
 * a barrier and for a broadcast: an application would make them for what it does, too.
 */
final class Archives {

    private final Path directory;

    Archives(Path directory) {
        this.directory = directory;
    }

    /** Whether a training run has to come first. */
    boolean areMissing(Cell cell) {
        return start(cell) != Start.PLAIN && !(Files.exists(file(cell, 0)) && Files.exists(file(cell, 1)));
    }

    /** The first member makes that of all. */
    List<String> trainingOptions(Cell cell, int node) {
        return node > 1 ? List.of() : start(cell).trainingOptions(file(cell, node));
    }

    List<String> options(Cell cell, int node) {
        return start(cell).options(file(cell, node));
    }

    private Path file(Cell cell, int node) {
        String name = cell.system() + "-" + cell.work() + (node == 0 ? "-coordinator" : "-member");
        return directory.resolve(name.replaceAll("[^A-Za-z0-9-]", "_").toLowerCase(Locale.ROOT));
    }

    private static Start start(Cell cell) {
        return SystemName.parse(cell.system()).start();
    }
}
