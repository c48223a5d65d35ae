package io.camure.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** All measurements of a run. */
public final class Results {

    private final JsonMapper json = new JsonMapper();
    private final List<Measurement> all = new ArrayList<>();

    void add(Measurement measurement) {
        all.add(measurement);
    }

    public List<Measurement> all() {
        return List.copyOf(all);
    }

    /** Appends it as one line, so that what was measured is kept when the run is ended. */
    void appendTo(Path file, Measurement measurement) throws IOException {
        Files.writeString(file, json.writeValueAsString(measurement) + "\n", StandardOpenOption.APPEND);
    }
}
