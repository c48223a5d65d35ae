package io.camure.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is measured in which order: all systems take their turn at a work before the next one.
 *
 * @param candidates all systems
 * @param sizes of broadcast messages, and of what each node gives to an all-gather
 * @param starts how the JVMs of cold works are started
 */
record Schedule(
        List<SystemName> candidates, List<Integer> members, List<Work> works, List<Integer> sizes, List<Start> starts) {

    private static final int LATENCY_SIZE = 100;
    private static final int COLD_SIZE = 1 << 16;

    /** A short look at all candidates that have rivals, for each work that decides on them. */
    void screen(Run run) throws InterruptedException {
        Set<Work> deciding = new LinkedHashSet<>();
        works.forEach(work -> deciding.add(work.screenedBy()));
        for (int count : members) {
            for (Work work : deciding) {
                for (SystemName system : candidates) {
                    if (candidates.stream().filter(system::isRelativeOf).count() > 1) {
                        List<Integer> own =
                                works.contains(work) || work != Work.BROADCAST ? sizesOf(work) : List.of(COLD_SIZE);
                        run.measure(new Cell(system.toString(), work, count, null, 1), own);
                    }
                }
            }
        }
    }

    /** Measures each cell once: of all candidates, or of those that were found to be the best. */
    void repetition(Run run, int repetition, @Nullable Finalists finalists) throws InterruptedException {
        for (int count : members) {
            for (Work work : works) {
                Map<SystemName, List<Integer>> turn =
                        finalists == null ? everybody(work) : finalists.ofSizes(work, count, sizesOf(work));
                for (Map.Entry<SystemName, List<Integer>> entry : turn.entrySet()) {
                    for (SystemName system : started(entry.getKey(), work)) {
                        run.measure(new Cell(system.toString(), work, count, null, repetition), entry.getValue());
                    }
                }
            }
        }
    }

    private List<SystemName> started(SystemName system, Work work) {
        if (!work.isCold() || system.start() != Start.PLAIN) {
            return List.of(system);
        }
        List<SystemName> all = new ArrayList<>();
        for (Start start : starts) {
            int version = system.jdk().isEmpty() ? Runtime.version().feature() : Integer.parseInt(system.jdk());
            if (start.isKnownTo(version)) {
                all.add(system.startedBy(start));
            }
        }
        return all;
    }

    private List<Integer> sizesOf(Work work) {
        return switch (work) {
            case BARRIER, ALLREDUCE, COLD_BARRIER, FOOTPRINT -> List.of();
            case ALLGATHER, BROADCAST -> sizes;
            case LATENCY -> List.of(LATENCY_SIZE);
            case COLD_BROADCAST -> List.of(COLD_SIZE);
        };
    }

    private Map<SystemName, List<Integer>> everybody(Work work) {
        Map<SystemName, List<Integer>> all = new LinkedHashMap<>();
        candidates.forEach(system -> all.put(system, sizesOf(work)));
        return all;
    }
}
