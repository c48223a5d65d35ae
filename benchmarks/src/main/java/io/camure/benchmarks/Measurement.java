package io.camure.benchmarks;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What came of a cell.
 *
 * @param values by their names in JSON
 * @param failure why there are no values
 * @param repeated whether a first try had failed
 * @param screening whether it was a short look that only says which configurations to measure
 */
public record Measurement(
        @JsonUnwrapped Cell cell,
        @JsonAnyGetter Map<String, Double> values,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String failure,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean repeated,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean screening) {

    /** What a plot of a distribution has beside the percentiles of the tables, by the names in JSON. */
    public static final Map<String, Double> DISTRIBUTION = distribution();

    /** Four digits are more than any of this can be repeated to. */
    private static final MathContext DIGITS = new MathContext(4);

    private static Map<String, Double> distribution() {
        Map<String, Double> percentiles = new LinkedHashMap<>();
        percentiles.put("p10_us", 10.0);
        percentiles.put("p25_us", 25.0);
        percentiles.put("p50_us", 50.0);
        percentiles.put("p75_us", 75.0);
        percentiles.put("p90_us", 90.0);
        percentiles.put("p95_us", 95.0);
        percentiles.put("p98_us", 98.0);
        percentiles.put("p99_us", 99.0);
        percentiles.put("p995_us", 99.5);
        percentiles.put("p999_us", 99.9);
        percentiles.put("p9999_us", 99.99);
        return percentiles;
    }

    /** Without any values yet. */
    public static Measurement of(Cell cell) {
        return new Measurement(cell, new LinkedHashMap<>(), null, false, false);
    }

    static Measurement failed(Cell cell, String reason) {
        return new Measurement(cell, new LinkedHashMap<>(), reason, true, false);
    }

    /** For who watches the run. */
    String toLine() {
        return cell
                + (screening ? " (screening): " : ": ")
                + (failure == null ? values : "failed, " + failure)
                + (repeated ? " (second try)" : "");
    }

    Measurement asRepeated() {
        return new Measurement(cell, values, failure, true, screening);
    }

    Measurement asScreening() {
        return new Measurement(cell, values, failure, repeated, true);
    }

    /** Adds a value. */
    public Measurement with(String name, double value) {
        values.put(name, value == 0 ? 0 : new BigDecimal(value, DIGITS).doubleValue());
        return this;
    }

    /** Adds percentiles in microseconds, under names that the operator makes of p50, p99 and p999. */
    Measurement with(Histogram nanos, UnaryOperator<String> naming) {
        return with(naming.apply("p50_us"), nanos.getValueAtPercentile(50) / 1e3)
                .with(naming.apply("p99_us"), nanos.getValueAtPercentile(99) / 1e3)
                .with(naming.apply("p999_us"), nanos.getValueAtPercentile(99.9) / 1e3);
    }

    /** Adds what a plot of the distribution needs. */
    Measurement withDistribution(Histogram nanos) {
        DISTRIBUTION.forEach((name, percentile) -> with(name, nanos.getValueAtPercentile(percentile) / 1e3));
        return this;
    }
}
