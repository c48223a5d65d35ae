package io.camure.benchmarks.report;

import io.camure.benchmarks.Measurement;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The median of some values, and how far they are apart. */
record Spread(double minimum, double median, double maximum) {

    private static final double WITHOUT_DECIMALS = 100;
    private static final double WITH_ONE_DECIMAL = 10;

    /** Of the values that there are, or nothing. */
    static @Nullable Spread of(List<Measurement> measurements, Function<Measurement, @Nullable Double> value) {
        double[] sorted = measurements.stream()
                .map(value)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        if (sorted.length == 0) {
            return null;
        }
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(sorted[0], median, sorted[sorted.length - 1]);
    }

    String middle() {
        return format(median);
    }

    String withRange() {
        return minimum == maximum
                ? format(median)
                : format(median) + " (" + format(minimum) + "…" + format(maximum) + ")";
    }

    static String format(double value) {
        String pattern = value >= WITHOUT_DECIMALS ? "%,.0f" : value >= WITH_ONE_DECIMAL ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, pattern, value);
    }
}
