package io.camure.spring.boot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Names in property maps, of which an environment variable can write neither dashes nor underscores nor case: {@code STARTLINE} is
 * {@code start-line}. Boot finds the values of both below either name, and gives back two entries.
 */
final class RelaxedNames {

    private RelaxedNames() {}

    /** Keeps one of those entries that differ only so: that with the dashes, or else the upper case. */
    static <V> Map<String, V> withoutDoubles(Map<String, V> entries) {
        Map<String, String> names = new LinkedHashMap<>();
        entries.forEach((name, value) ->
                names.merge(uniform(name), name, (known, other) -> isRicher(other, known) ? other : known));
        Map<String, V> single = new LinkedHashMap<>();
        entries.forEach((name, value) -> {
            String kept = names.getOrDefault(uniform(name), name);
            // What is in brackets is taken literally, so that its values are its own.
            single.put(value.equals(entries.get(kept)) ? kept : name, value);
        });
        return single;
    }

    private static String uniform(String name) {
        return name.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
    }

    private static boolean isRicher(String name, String than) {
        return name.length() != than.length() ? name.length() > than.length() : name.compareTo(than) < 0;
    }
}
