package io.camure.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Finds a short list that still fails, of which none can be left out: delta debugging (Zeller and Hildebrandt, Simplifying and
 * Isolating Failure-Inducing Input, 2002), which tries to leave out large parts first.
 */
final class Shrinking {

    private Shrinking() {}

    /** @param all fails */
    static <T> List<T> shrink(List<T> all, Predicate<List<T>> fails) {
        if (fails.test(List.of())) {
            return List.of();
        }
        List<T> shortest = all;
        int parts = 2;
        while (shortest.size() > 1) {
            List<T> shorter = withoutAPart(shortest, parts, fails);
            if (shorter != null) {
                shortest = shorter;
                parts = Math.max(2, parts - 1);
            } else if (parts < shortest.size()) {
                parts = Math.min(2 * parts, shortest.size());
            } else {
                break;
            }
        }
        return shortest;
    }

    private static <T> List<T> withoutAPart(List<T> all, int parts, Predicate<List<T>> fails) {
        for (int i = 0; i < parts; i++) {
            int from = i * all.size() / parts;
            int to = (i + 1) * all.size() / parts;
            List<T> rest = new ArrayList<>(all.subList(0, from));
            rest.addAll(all.subList(to, all.size()));
            if (rest.size() < all.size() && fails.test(rest)) {
                return rest;
            }
        }
        return null;
    }
}
