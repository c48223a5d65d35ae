package io.camure.benchmarks.report;

import java.util.Arrays;
import java.util.Locale;
import org.hipparchus.stat.inference.MannWhitneyUTest;

/**
 * What has become of a value.
 *
 * @param ratio how many times better the later median is
 * @param p how probable repetitions are to be at least that far apart without a reason, in either direction; not a number
 *     where there are too few
 */
record Change(double ratio, double p, Verdict verdict) {

    /** What noise is, for a reader. */
    static final String RULE =
            "A value is worse or better when the medians are more than 5 % apart and Mann and Whitney's"
                    + " U test gives p < 0.05, which takes four repetitions on each side.";

    private static final double LEAST = 1.05;
    private static final double SIGNIFICANT = 0.05;
    private static final int REPETITIONS = 4;

    static Change between(double[] before, double[] after, boolean moreIsBetter) {
        double earlier = median(before);
        double later = median(after);
        double ratio = moreIsBetter ? later / earlier : earlier / later;
        if (before.length < REPETITIONS || after.length < REPETITIONS) {
            return new Change(ratio, Double.NaN, Verdict.TOO_FEW);
        }
        double p = new MannWhitneyUTest().mannWhitneyUTest(before, after);
        boolean different = p < SIGNIFICANT && (ratio > LEAST || ratio < 1 / LEAST);
        return new Change(ratio, p, !different ? Verdict.SAME : ratio < 1 ? Verdict.WORSE : Verdict.BETTER);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** In the order of a table. */
    enum Verdict {
        WORSE,
        BETTER,
        SAME,
        TOO_FEW;

        @Override
        public String toString() {
            return switch (this) {
                case WORSE -> "**worse**";
                case SAME -> "within noise";
                case TOO_FEW -> "too few repetitions";
                case BETTER -> name().toLowerCase(Locale.ROOT);
            };
        }
    }
}
