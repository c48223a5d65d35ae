package io.camure.benchmarks.report;

import io.camure.benchmarks.Contenders;
import io.camure.benchmarks.Family;
import io.camure.benchmarks.Measurement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A system at a work.
 *
 * @param measurements one for each repetition that did not fail
 */
record Entry(String system, List<Measurement> measurements, Columns columns) {

    Family family() {
        return Contenders.familyOf(system);
    }

    @Nullable
    Spread spread(String name) {
        return Spread.of(measurements, measurement -> measurement.values().get(name));
    }

    /** Those of all repetitions. */
    double[] values(String name) {
        return measurements.stream()
                .map(measurement -> measurement.values().get(name))
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    /** The median of a column. */
    double value(String name) {
        Spread spread = spread(name);
        return spread == null ? Double.NaN : spread.median();
    }

    /** How many times better this one is than another in the same repetition. */
    @Nullable
    Spread betterThan(Entry other, String name) {
        return betterThan(other, name, name);
    }

    /** How many times better this one is by a column than another by its own, which has the same unit, in the same repetition. */
    @Nullable
    Spread betterThan(Entry other, String name, String otherName) {
        Map<Integer, Double> values = new LinkedHashMap<>();
        for (Measurement measurement : measurements) {
            values.put(measurement.cell().repetition(), measurement.values().getOrDefault(name, Double.NaN));
        }
        return Spread.of(other.measurements, measurement -> {
            double own = values.getOrDefault(measurement.cell().repetition(), Double.NaN);
            double ratio = Columns.ratio(name, own, measurement.values().getOrDefault(otherName, Double.NaN));
            return Double.isFinite(ratio) ? ratio : null;
        });
    }

    /** Whether the compilers were quiet each time, where that was waited for. */
    boolean isQuiet() {
        return measurements.stream()
                .noneMatch(measurement -> measurement.values().getOrDefault("quiet", 1.0) == 0);
    }

    boolean isRepeated() {
        return measurements.stream().anyMatch(Measurement::repeated);
    }
}
