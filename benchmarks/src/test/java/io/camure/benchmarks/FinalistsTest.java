package io.camure.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FinalistsTest {

    private static final SystemName CAMURE = SystemName.parse("camure-nio");
    private static final SystemName SHIPPED = SystemName.parse("jgroups-udp");
    private static final SystemName DIRECT = SystemName.parse("jgroups-udp:all-direct");
    private static final SystemName CREDITS = SystemName.parse("jgroups-udp:credits-8m");

    private final List<SystemName> candidates = List.of(CAMURE, SHIPPED, DIRECT, CREDITS);

    @Test
    void theBestOfAFamilyIsChosenForEachWorkAndSize() {
        Finalists finalists = new Finalists(
                candidates,
                List.of(
                        screened(SHIPPED, Work.BARRIER, null, "p50_us", 200),
                        screened(DIRECT, Work.BARRIER, null, "p50_us", 100),
                        screened(SHIPPED, Work.BROADCAST, 100, "mb_s", 10),
                        screened(CREDITS, Work.BROADCAST, 100, "mb_s", 20),
                        screened(SHIPPED, Work.BROADCAST, 65536, "mb_s", 200),
                        screened(CREDITS, Work.BROADCAST, 65536, "mb_s", 100)));

        assertThat(finalists.of(Work.BARRIER, 1, null)).containsExactly(CAMURE, DIRECT);
        assertThat(finalists.of(Work.FOOTPRINT, 1, null)).containsExactly(CAMURE, DIRECT);
        assertThat(finalists.ofSizes(Work.BROADCAST, 1, List.of(100, 65536)))
                .isEqualTo(Map.of(CAMURE, List.of(100, 65536), CREDITS, List.of(100), SHIPPED, List.of(65536)));
    }

    @Test
    void whereNothingWasSeenTheFirstThatCanDoItIsChosen() {
        Finalists finalists = new Finalists(List.of(CREDITS, SHIPPED, DIRECT), List.of());

        assertThat(finalists.of(Work.BARRIER, 1, null)).containsExactly(SHIPPED);
        assertThat(finalists.of(Work.BROADCAST, 1, 100)).containsExactly(CREDITS);
    }

    private static Measurement screened(SystemName system, Work work, Integer size, String column, double value) {
        return Measurement.of(new Cell(system.toString(), work, 1, size, 1)).with(column, value);
    }
}
