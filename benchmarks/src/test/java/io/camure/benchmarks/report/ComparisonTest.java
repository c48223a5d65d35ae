package io.camure.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ComparisonTest {

    private static final double[] BEFORE = {24, 25, 26, 27, 25};
    private static final double[] SLOWER = {34, 35, 36, 37, 35};

    @Test
    void aSlowerSystemOfOursIsARegression() {
        Comparison comparison = compare("camure-nio", BEFORE, SLOWER);

        assertThat(comparison.hasRegressions()).isTrue();
        assertThat(comparison.markdown())
                .startsWith("3 regressions beyond noise in 3 comparisons.")
                .contains("| barrier, 1 member | camure-nio | p50, µs | 25.0 (24.0…27.0) | 35.0 (34.0…37.0) | 0.71 |");
    }

    @Test
    void aFasterOneIsNot() {
        Comparison comparison = compare("camure-nio", SLOWER, BEFORE);

        assertThat(comparison.hasRegressions()).isFalse();
        assertThat(comparison.markdown()).contains("| better |");
    }

    @Test
    void aSlowerPeerIsNot() {
        assertThat(compare("hazelcast:topic", BEFORE, SLOWER).hasRegressions()).isFalse();
    }

    @Test
    void noiseIsNot() {
        Comparison comparison =
                compare("camure-nio", new double[] {20, 30, 22, 28, 25}, new double[] {29, 21, 31, 24, 28});

        assertThat(comparison.hasRegressions()).isFalse();
        assertThat(comparison.markdown()).contains("within noise");
    }

    @Test
    void aSmallDifferenceThatIsNeverTheOtherWayRoundIsNot() {
        Comparison comparison = compare(
                "camure-nio", new double[] {25.0, 25.1, 25.2, 25.3, 25.4}, new double[] {25.5, 25.6, 25.7, 25.8, 25.9});

        assertThat(comparison.hasRegressions()).isFalse();
    }

    @Test
    void fewRepetitionsAreNoVerdict() {
        Comparison comparison = compare("camure-nio", new double[] {25, 25}, new double[] {50, 50});

        assertThat(comparison.hasRegressions()).isFalse();
        assertThat(comparison.markdown()).contains("too few repetitions");
    }

    @Test
    void lessThroughputIsARegressionToo() {
        Comparison comparison = Comparison.of(
                new Samples()
                        .broadcast("camure-linux", 65536, 2300, 2310, 2290, 2305, 2320)
                        .results(),
                new Samples()
                        .broadcast("camure-linux", 65536, 1100, 1110, 1120, 1090, 1105)
                        .results());

        assertThat(comparison.hasRegressions()).isTrue();
    }

    @Test
    void floorsComeFirst() {
        Comparison comparison = Comparison.of(
                new Samples()
                        .barrier("camure-nio", 1, BEFORE)
                        .barrier("bare-nio", 1, BEFORE)
                        .results(),
                new Samples()
                        .barrier("camure-nio", 1, SLOWER)
                        .barrier("bare-nio", 1, BEFORE)
                        .results());

        String markdown = comparison.markdown();
        assertThat(markdown.indexOf("bare-nio (the machine)")).isLessThan(markdown.indexOf("camure-nio"));
    }

    private static Comparison compare(String system, double[] before, double[] after) {
        return Comparison.of(
                new Samples().barrier(system, 1, before).results(),
                new Samples().barrier(system, 1, after).results());
    }
}
