package io.camure.benchmarks.report;

import io.camure.benchmarks.Work;
import java.util.List;

/**
 * What a table has of each system.
 *
 * @param names in JSON; the first one is compared
 * @param moreIsBetter whether the greater value of the first one is the better one
 */
record Columns(List<String> names, boolean moreIsBetter) {

    static Columns of(Work work) {
        return switch (work) {
            case BARRIER ->
                new Columns(
                        List.of(
                                "p50_us",
                                "rounds_s",
                                "p99_us",
                                "p999_us",
                                "member_p50_us",
                                "member_p99_us",
                                "member_p999_us",
                                "datagrams_per_round",
                                "cpu_us_per_round",
                                "member_cpu_us_per_round"),
                        false);
            case BROADCAST ->
                new Columns(
                        List.of("mb_s", "msg_s", "cpu_s_per_gb", "member_cpu_s_per_gb", "datagrams_per_message"), true);
            case LATENCY ->
                new Columns(
                        List.of("p50_us", "p99_us", "p999_us", "cpu_us_per_message", "member_cpu_us_per_message"),
                        false);
            case FOOTPRINT ->
                new Columns(
                        List.of(
                                "member_start_ms",
                                "threads",
                                "member_threads",
                                "idle_cpu_ms_s",
                                "member_idle_cpu_ms_s",
                                "idle_datagrams_s",
                                "heap_mb",
                                "member_heap_mb"),
                        false);
        };
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
