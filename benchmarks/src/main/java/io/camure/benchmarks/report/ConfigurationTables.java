package io.camure.benchmarks.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All configurations of each family, with what is compared of each work: of the measurement, or in italics of the screening. The
 * best one of its family is in bold.
 */
final class ConfigurationTables {

    private final Ranking measured;
    private final Ranking screened;

    ConfigurationTables(Ranking measured, Ranking screened) {
        this.measured = measured;
        this.screened = screened;
    }

    /** Empty where no family has several. */
    String markdown() {
        Map<String, Set<String>> families = new LinkedHashMap<>();
        for (Ranking ranking : List.of(screened, measured)) {
            ranking.keys()
                    .forEach(key -> ranking.all(key)
                            .forEach(entry -> families.computeIfAbsent(
                                            entry.family().name(), name -> new LinkedHashSet<>())
                                    .add(entry.system())));
        }
        StringBuilder text = new StringBuilder();
        families.forEach((family, systems) -> {
            if (systems.size() > 1) {
                text.append("\n### All configurations of ").append(family).append("\n\n");
                appendTable(text, family, systems);
            }
        });
        return text.isEmpty()
                ? ""
                : "\nThe following tables have the medians of what is compared; *what a screening has seen*; **the best**; in brackets how many"
                        + " times better than the first one in the same repetition.\n"
                        + text;
    }

    private void appendTable(StringBuilder text, String family, Collection<String> systems) {
        Set<Key> keys = new LinkedHashSet<>(screened.keys());
        keys.addAll(measured.keys());
        keys.removeIf(key -> Stream.of(screened, measured)
                .allMatch(ranking -> best(
                                ranking, key, family, Columns.of(key.work()).first())
                        .isEmpty()));
        List<String> header = new ArrayList<>(List.of("system"));
        keys.forEach(key -> Columns.of(key.work())
                .ofConfigurations()
                .forEach(column -> header.add(key + ": " + Columns.title(column))));
        appendRow(text, header);
        appendRow(text, header.stream().map(cell -> "---").toList());
        for (String system : systems) {
            List<String> row = new ArrayList<>(List.of(system));
            for (Key key : keys) {
                for (String column : Columns.of(key.work()).ofConfigurations()) {
                    String seen = cell(screened, key, family, system, column, "*");
                    String found = cell(measured, key, family, system, column, "");
                    String ratio = ratio(key, system, systems.iterator().next(), column);
                    row.add((found + ratio + " " + seen).strip());
                }
            }
            appendRow(text, row);
        }
    }

    private static String cell(Ranking ranking, Key key, String family, String system, String column, String mark) {
        for (Entry entry : ranking.all(key)) {
            Spread spread = entry.spread(column);
            if (entry.system().equals(system) && spread != null) {
                String bold = best(ranking, key, family, column).equals(system) ? "**" : "";
                return mark + bold + spread.middle() + bold + mark;
            }
        }
        return "";
    }

    /** Beside the first one; empty for itself, and where one was not measured. */
    private String ratio(Key key, String system, String first, String column) {
        Entry own = measured.find(key, system);
        Entry other = measured.find(key, first);
        Spread ratio = own == null || other == null || own.equals(other) ? null : own.betterThan(other, column);
        return ratio == null ? "" : " (" + ratio.middle() + ")";
    }

    private static String best(Ranking ranking, Key key, String family, String column) {
        return ranking.bestOfFamilies(key, column).stream()
                .filter(entry -> entry.family().name().equals(family))
                .map(Entry::system)
                .findFirst()
                .orElse("");
    }

    private static void appendRow(StringBuilder text, Collection<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
}
