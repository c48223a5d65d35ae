package io.camure.benchmarks;

import io.camure.benchmarks.report.Columns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which configurations a screening has found to be the best of their families, for each work, number of members and size. */
final class Finalists {

    private final List<SystemName> candidates;
    private final Map<Key, Map<String, Measurement>> best = new LinkedHashMap<>();

    Finalists(List<SystemName> candidates, List<Measurement> screened) {
        this.candidates = candidates;
        for (Measurement measurement : screened) {
            if (measurement.failure() == null) {
                Cell cell = measurement.cell();
                best.computeIfAbsent(new Key(cell.work(), cell.members(), cell.size()), key -> new LinkedHashMap<>())
                        .merge(SystemName.parse(cell.system()).family(), measurement, Finalists::better);
            }
        }
    }

    private static Measurement better(Measurement one, Measurement other) {
        Columns columns = Columns.of(one.cell().work());
        return Columns.isBetter(columns.first(), columns.valueOf(other), columns.valueOf(one)) ? other : one;
    }

    /** For each family the best candidate, and where nothing is known the first one that can do it. */
    List<SystemName> of(Work work, int members, @Nullable Integer size) {
        Map<String, Measurement> known = best.getOrDefault(keyOf(work, members, size), Map.of());
        Map<String, SystemName> chosen = new LinkedHashMap<>();
        for (SystemName candidate : candidates) {
            Measurement measurement = known.get(candidate.family());
            if (measurement != null && measurement.cell().system().equals(candidate.toString())) {
                chosen.put(candidate.family(), candidate);
            } else if (Contenders.canDo(candidate, work)) {
                chosen.putIfAbsent(candidate.family(), candidate);
            }
        }
        return new ArrayList<>(chosen.values());
    }

    /** A cold stream is screened by the broadcast of its size, or else by any. */
    private Key keyOf(Work work, int members, @Nullable Integer size) {
        Key exact = new Key(work.screenedBy(), members, size);
        if (best.containsKey(exact)) {
            return exact;
        }
        return best.keySet().stream()
                .filter(key -> key.work() == exact.work() && key.members() == members)
                .findFirst()
                .orElse(exact);
    }

    /** Those of all sizes, each with its sizes. */
    Map<SystemName, List<Integer>> ofSizes(Work work, int members, List<Integer> sizes) {
        Map<SystemName, List<Integer>> found = new LinkedHashMap<>();
        Set<@Nullable Integer> all = new LinkedHashSet<>(sizes);
        if (sizes.isEmpty()) {
            of(work, members, null).forEach(system -> found.put(system, List.of()));
        }
        for (Integer size : all) {
            for (SystemName system : of(work, members, size)) {
                found.computeIfAbsent(system, key -> new ArrayList<>()).add(size);
            }
        }
        return found;
    }

    private record Key(Work work, int members, @Nullable Integer size) {}
}
