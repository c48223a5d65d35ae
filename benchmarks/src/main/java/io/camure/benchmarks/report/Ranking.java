package io.camure.benchmarks.report;

import io.camure.benchmarks.Family;
import io.camure.benchmarks.Family.Kind;
import io.camure.benchmarks.Measurement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who is how good at what. */
final class Ranking {

    private final Map<Key, Map<String, Entry>> entries = new LinkedHashMap<>();

    Ranking(Collection<Measurement> measurements) {
        Map<Key, Map<String, List<Measurement>>> groups = new LinkedHashMap<>();
        measurements.stream()
                .sorted(Comparator.comparing(
                        (Measurement measurement) -> measurement.cell().work()))
                .filter(measurement -> measurement.failure() == null)
                .forEach(measurement -> groups.computeIfAbsent(Key.of(measurement.cell()), key -> new LinkedHashMap<>())
                        .computeIfAbsent(measurement.cell().system(), system -> new ArrayList<>())
                        .add(measurement));
        groups.forEach((key, bySystem) -> {
            Map<String, Entry> own = new LinkedHashMap<>();
            bySystem.forEach((system, list) -> own.put(system, new Entry(system, list, Columns.of(key.work()))));
            entries.put(key, own);
        });
    }

    Set<Key> keys() {
        return entries.keySet();
    }

    /** All configurations at a work. */
    Collection<Entry> all(Key key) {
        return entries.getOrDefault(key, Map.of()).values();
    }

    /** One configuration at a work, if it was measured. */
    @Nullable
    Entry find(Key key, String system) {
        return entries.getOrDefault(key, Map.of()).get(system);
    }

    /** The best configuration of each family at a work: the best one first, and floors after all others. */
    List<Entry> bestOfFamilies(Key key) {
        return bestOfFamilies(key, Columns.of(key.work()).first());
    }

    /** By another column than the first one. */
    List<Entry> bestOfFamilies(Key key, String column) {
        Map<String, Entry> best = new LinkedHashMap<>();
        for (Entry entry : all(key)) {
            best.merge(
                    entry.family().name(),
                    entry,
                    (one, other) -> Columns.isBetter(column, other.value(column), one.value(column)) ? other : one);
        }
        List<Entry> sorted = new ArrayList<>(best.values());
        Comparator<Entry> byValue = Comparator.comparingDouble(entry -> entry.value(column));
        sorted.sort(Comparator.comparing((Entry entry) -> entry.family().kind() == Kind.FLOOR)
                .thenComparing(Columns.isMoreBetter(column) ? byValue.reversed() : byValue));
        return sorted;
    }

    /** The best ones of a kind by a column, the best one first. */
    List<Entry> bestOf(Key key, Family.Kind kind, String column) {
        return bestOfFamilies(key, column).stream()
                .filter(entry -> entry.family().kind() == kind)
                .toList();
    }

    /** The best ones of a kind, the best one first. */
    List<Entry> bestOf(Key key, Family.Kind kind) {
        return bestOf(key, kind, Columns.of(key.work()).first());
    }
}
