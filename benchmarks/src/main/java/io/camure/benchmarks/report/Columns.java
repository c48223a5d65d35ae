package io.camure.benchmarks.report;

import io.camure.benchmarks.Measurement;
import io.camure.benchmarks.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a table has of each system.
 *
 * @param names in JSON; the first one decides which configuration is the best one
 */
public record Columns(List<String> names) {

    private static final Set<String> COMPARED = Set.of(
            "p50_us",
            "p99_us",
            "rounds_s",
            "mb_s",
            "first_rounds_ms",
            "first_mb_s",
            "after_idle_us",
            "member_start_ms",
            "idle_cpu_ms_s");

    private static final String WARM_UP = "warm_up_s";

    private static final List<String> ROUNDS = List.of(
            "p50_us",
            "p99_us",
            "rounds_s",
            "p999_us",
            "member_p50_us",
            "member_p99_us",
            "member_p999_us",
            "datagrams_per_round",
            "cpu_us_per_round",
            "member_cpu_us_per_round",
            WARM_UP);

    /** Those of a work. */
    public static Columns of(Work work) {
        return switch (work) {
            case BARRIER, ALLREDUCE -> new Columns(ROUNDS);
            case ALLGATHER -> {
                List<String> names = new ArrayList<>(ROUNDS);
                names.addAll(names.indexOf("rounds_s"), List.of("mb_s", "result_mb_s"));
                yield new Columns(List.copyOf(names));
            }
            case BROADCAST ->
                new Columns(List.of(
                        "mb_s", "msg_s", "cpu_s_per_gb", "member_cpu_s_per_gb", "datagrams_per_message", WARM_UP));
            case LATENCY ->
                new Columns(List.of(
                        "p50_us", "p99_us", "p999_us", "cpu_us_per_message", "member_cpu_us_per_message", WARM_UP));
            case COLD_BARRIER -> new Columns(List.of("first_rounds_ms", "p50_us", "p99_us", "p999_us"));
            case COLD_BROADCAST -> new Columns(List.of("first_mb_s", "after_idle_us"));
            case FOOTPRINT ->
                new Columns(List.of(
                        "member_start_ms",
                        "threads",
                        "member_threads",
                        "idle_cpu_ms_s",
                        "member_idle_cpu_ms_s",
                        "idle_datagrams_s",
                        "heap_mb",
                        "member_heap_mb"));
        };
    }

    /** The first value, which is compared; not a number where there is none. */
    public double valueOf(Measurement measurement) {
        return measurement.values().getOrDefault(first(), Double.NaN);
    }

    /** The column that decides which configuration is the best one. */
    public String first() {
        return names.get(0);
    }

    /** Whether the first of two values of a column is better; any is better than none. */
    public static boolean isBetter(String name, double one, double other) {
        if (Double.isNaN(one) || Double.isNaN(other)) {
            return !Double.isNaN(one);
        }
        return isMoreBetter(name) ? one > other : one < other;
    }

    /** What configurations are compared by: what decides, and how many rounds there are in a second. */
    List<String> ofConfigurations() {
        return names.stream()
                .filter(name -> name.equals(first()) || name.equals("rounds_s"))
                .toList();
    }

    /** What a regression is looked for in. */
    List<String> compared() {
        return names.stream().filter(COMPARED::contains).toList();
    }

    boolean isCompared(String name) {
        return COMPARED.contains(name);
    }

    /** Whether the greater value of a column is the better one. */
    static boolean isMoreBetter(String name) {
        return name.endsWith("mb_s") || name.endsWith("rounds_s");
    }

    /** How many times better the first of two values of a column is. */
    static double ratio(String name, double one, double other) {
        return isMoreBetter(name) ? one / other : other / one;
    }

    /** For a reader. */
    static String title(String name) {
        String text = name.replace("_per_", "/")
                .replace("p999", "p99.9")
                .replace("_s/", " s/")
                .replace("_us/", " µs/")
                .replace("cpu", "CPU")
                .replace("gb", "GB");
        return unit(text).replace('_', ' ');
    }

    private static String unit(String text) {
        if (text.equals("mb_s")) {
            return "MB/s";
        }
        if (text.equals(WARM_UP)) {
            return "quiet after, s";
        }
        if (text.equals("result_mb_s")) {
            return "of results, MB/s";
        }
        if (text.equals("first_mb_s")) {
            return "first 25 MB, MB/s";
        }
        if (text.equals("first_rounds_ms")) {
            return "first 1,000 rounds, ms";
        }
        if (text.equals("msg_s")) {
            return "messages/s";
        }
        for (String[] unit : new String[][] {{"_ms_s", ", ms/s"}, {"_us", ", µs"}, {"_ms", ", ms"}, {"_mb", ", MB"}}) {
            if (text.endsWith(unit[0])) {
                return text.substring(0, text.length() - unit[0].length()) + unit[1];
            }
        }
        return text.endsWith("_s") ? text.substring(0, text.length() - 2) + "/s" : text;
    }
}
