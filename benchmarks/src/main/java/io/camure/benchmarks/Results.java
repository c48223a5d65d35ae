package io.camure.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** All measurements of a run, or of several that belong together. */
public final class Results {

    private static final JsonMapper JSON = new JsonMapper();

    private static final String ENVIRONMENT = "environment";

    private final List<Measurement> all = new ArrayList<>();
    private @Nullable Environment environment;

    /** Empty ones of a run that begins. */
    public Results(@Nullable Environment environment) {
        this.environment = environment;
    }

    /**
     * Reads files that {@code --json} has written. Repetitions of a file come after those of the ones before it.
     *
     * @throws IOException if one is not readable, or not such a file
     */
    public static Results read(List<Path> files) throws IOException {
        Results results = new Results(null);
        for (Path file : files) {
            int before = results.repetitions();
            int number = 0;
            for (String line : Files.readAllLines(file)) {
                number++;
                try {
                    results.take(JSON.readTree(line), before);
                } catch (JacksonException | IllegalArgumentException e) {
                    throw new IOException("'" + file + "', line " + number + ": " + e.getMessage(), e);
                }
            }
        }
        return results;
    }

    private void take(JsonNode line, int repetitionsBefore) {
        JsonNode header = line.get(ENVIRONMENT);
        if (header == null) {
            all.add(measurement(line, repetitionsBefore));
        } else if (environment == null) {
            environment = JSON.treeToValue(header, Environment.class);
        }
    }

    private static Measurement measurement(JsonNode line, int repetitionsBefore) {
        JsonNode size = line.get("size");
        Cell cell = new Cell(
                line.required("system").asString(),
                Work.parse(line.required("work").asString()),
                line.required("members").asInt(),
                size == null || size.isNull() ? null : size.asInt(),
                line.required("repetition").asInt() + repetitionsBefore);
        Map<String, Double> values = new LinkedHashMap<>();
        line.properties().forEach(property -> {
            if (property.getValue().isNumber() && !Cell.FIELDS.contains(property.getKey())) {
                values.put(property.getKey(), property.getValue().asDouble());
            }
        });
        JsonNode failure = line.get("failure");
        return new Measurement(
                cell,
                values,
                failure == null ? null : failure.asString(),
                line.path("repeated").asBoolean(false),
                line.path("screening").asBoolean(false));
    }

    void add(Measurement measurement) {
        all.add(measurement);
    }

    /** Adds some. */
    public Results with(List<Measurement> measurements) {
        all.addAll(measurements);
        return this;
    }

    /** What was measured, and not only looked at. */
    public List<Measurement> all() {
        return all.stream().filter(measurement -> !measurement.screening()).toList();
    }

    /** What the screening has seen. */
    public List<Measurement> screened() {
        return all.stream().filter(Measurement::screening).toList();
    }

    /** What it was made with, where that is known. */
    public @Nullable Environment environment() {
        return environment;
    }

    /** How often cells were measured. */
    public int repetitions() {
        return all().stream()
                .mapToInt(measurement -> measurement.cell().repetition())
                .max()
                .orElse(0);
    }

    /** Begins a file with what the run is made with. */
    void begin(Path file) throws IOException {
        Map<String, @Nullable Environment> header = Collections.singletonMap(ENVIRONMENT, environment);
        Files.writeString(file, JSON.writeValueAsString(header) + "\n");
    }

    /** Appends it as one line, so that what was measured is kept when the run is ended. */
    static void append(Path file, Measurement measurement) throws IOException {
        Files.writeString(file, JSON.writeValueAsString(measurement) + "\n", StandardOpenOption.APPEND);
    }
}
