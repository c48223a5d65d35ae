package io.camure.simulation;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How often what has happened: a run proves nothing of what was not there. */
final class Counts {

    private final Map<String, Long> counts = new TreeMap<>();

    void count(String what) {
        add(what, 1);
    }

    void add(String what, long times) {
        if (times > 0) {
            counts.merge(what, times, Long::sum);
        }
    }

    void addAll(Counts others) {
        others.counts.forEach(this::add);
    }

    /** Those that have not happened. */
    List<String> missing(Collection<String> expected) {
        return expected.stream().filter(what -> !counts.containsKey(what)).toList();
    }

    @Override
    public String toString() {
        StringBuilder lines = new StringBuilder();
        counts.forEach((what, count) -> lines.append(String.format("%,14d  %s%n", count, what)));
        return lines.toString();
    }
}
