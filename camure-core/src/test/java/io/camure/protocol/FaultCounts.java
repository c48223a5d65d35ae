package io.camure.protocol;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How often what has happened. */
final class FaultCounts {

    private final Map<SimulatedFault, Long> counts = new EnumMap<>(SimulatedFault.class);

    void count(SimulatedFault fault) {
        counts.merge(fault, 1L, Long::sum);
    }

    void addAll(FaultCounts others) {
        others.counts.forEach((fault, count) -> counts.merge(fault, count, Long::sum));
    }

    List<SimulatedFault> missing() {
        return Arrays.stream(SimulatedFault.values())
                .filter(fault -> !counts.containsKey(fault))
                .toList();
    }

    @Override
    public String toString() {
        StringBuilder lines = new StringBuilder();
        for (SimulatedFault fault : SimulatedFault.values()) {
            lines.append(String.format("%,14d  %s%n", counts.getOrDefault(fault, 0L), fault.what));
        }
        return lines.toString();
    }
}
