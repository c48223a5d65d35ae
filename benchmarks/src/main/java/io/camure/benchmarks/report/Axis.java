package io.camure.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * One direction of a chart.
 *
 * @param scale gives values places that grow evenly
 * @param ticks what is written at it, from the first value to the last
 */
record Axis(String title, DoubleUnaryOperator scale, List<Tick> ticks) {

    private static final int[] STEPS = {1, 2, 5};

    /** From the power of ten times 1, 2 or 5 that is below the first value to the one above the last, evenly by powers. */
    static Axis logarithmic(String title, double first, double last) {
        List<Tick> ticks = new ArrayList<>();
        double before = Double.NaN;
        for (int power = -3; power < 12; power++) {
            for (int step : STEPS) {
                double value = step * Math.pow(10, power);
                boolean isFirst = ticks.isEmpty();
                if (value > first && isFirst) {
                    ticks.add(Tick.of(Double.isNaN(before) ? value : before));
                }
                if (!ticks.isEmpty() && ticks.get(ticks.size() - 1).value() < last) {
                    if (value > ticks.get(ticks.size() - 1).value()) {
                        ticks.add(Tick.of(value));
                    }
                }
                before = value;
            }
        }
        return new Axis(title, Math::log10, ticks);
    }

    /** At a few values only, each of which is written. */
    static Axis of(String title, List<Double> values) {
        return new Axis(title, Math::log10, values.stream().map(Tick::of).toList());
    }

    /** Percents below which values are, each nine of which takes as much room as the one before. */
    static Axis ofPercentiles(String title) {
        List<Tick> ticks = new ArrayList<>();
        for (String text : new String[] {"10", "50", "90", "99", "99.9", "99.99"}) {
            ticks.add(new Tick(Double.parseDouble(text), text));
        }
        return new Axis(title, percent -> -Math.log10(1 - percent / 100), ticks);
    }

    /** Between 0 at the first tick and 1 at the last. */
    double place(double value) {
        double first = scale.applyAsDouble(ticks.get(0).value());
        double last = scale.applyAsDouble(ticks.get(ticks.size() - 1).value());
        return last == first ? 0.5 : (scale.applyAsDouble(value) - first) / (last - first);
    }

    record Tick(double value, String text) {

        static Tick of(double value) {
            String text;
            if (value >= 1 << 20 && value % (1 << 20) == 0) {
                text = Math.round(value / (1 << 20)) + " Mi";
            } else if (value >= 1 << 10 && value % (1 << 10) == 0) {
                text = Math.round(value / (1 << 10)) + " Ki";
            } else if (value >= 1e6) {
                text = trim(value / 1e6) + " M";
            } else if (value >= 1e4) {
                text = trim(value / 1e3) + " k";
            } else {
                text = trim(value);
            }
            return new Tick(value, text);
        }

        private static String trim(double value) {
            long whole = Math.round(value);
            return Math.abs(whole - value) < 1e-9 * Math.abs(value)
                    ? Long.toString(whole)
                    : Float.toString((float) value);
        }
    }
}
