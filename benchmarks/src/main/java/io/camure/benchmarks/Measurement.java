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
 */
public record Measurement(
        @JsonUnwrapped Cell cell,
        @JsonAnyGetter Map<String, Double> values,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String failure,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean repeated) {

    /** Four digits are more than any of this can be repeated to. */
    private static final MathContext DIGITS = new MathContext(4);

    static Measurement of(Cell cell) {
        return new Measurement(cell, new LinkedHashMap<>(), null, false);
    }

    static Measurement failed(Cell cell, String reason) {
        return new Measurement(cell, new LinkedHashMap<>(), reason, true);
    }

    /** For who watches the run. */
    String toLine() {
        return cell + ": " + (failure == null ? values : "failed, " + failure) + (repeated ? " (second try)" : "");
    }

    Measurement asRepeated() {
        return new Measurement(cell, values, failure, true);
    }

    Measurement with(String name, double value) {
        values.put(name, value == 0 ? 0 : new BigDecimal(value, DIGITS).doubleValue());
        return this;
    }

    /** Adds percentiles in microseconds, under names that the operator makes of p50, p99 and p999. */
    Measurement with(Histogram nanos, UnaryOperator<String> naming) {
        return with(naming.apply("p50_us"), nanos.getValueAtPercentile(50) / 1e3)
                .with(naming.apply("p99_us"), nanos.getValueAtPercentile(99) / 1e3)
                .with(naming.apply("p999_us"), nanos.getValueAtPercentile(99.9) / 1e3);
    }
}
