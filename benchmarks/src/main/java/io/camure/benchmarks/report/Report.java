package io.camure.benchmarks.report;

import io.camure.benchmarks.Environment;
import io.camure.benchmarks.Family.Kind;
import io.camure.benchmarks.Measurement;
import io.camure.benchmarks.Results;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The results as Markdown: what can be said, the plots, and for each work, number of members and size a table with the best
 * configuration of each family. What it has of several repetitions is their median, and for what matters most their minimum
 * and maximum as well. A ratio is of two systems in the same repetition.
 */
final class Report {

    private static final String NOTHING = "–";

    private final Results results;
    private final Ranking ranking;
    private final StringBuilder text = new StringBuilder();

    Report(Results results) {
        this.results = results;
        ranking = new Ranking(results.all());
    }

    /** @param plots file names by titles */
    String markdown(Map<String, String> plots) {
        appendEnvironment();
        List<Duel> duels = Duel.of(ranking);
        if (!duels.isEmpty()) {
            appendDuels(duels);
        }
        plots.forEach((title, file) ->
                text.append("\n![").append(title).append("](").append(file).append(")\n"));
        text.append(new CollectiveTable(ranking).markdown());
        for (Key key : ranking.keys()) {
            appendTable(key);
        }
        text.append(new ConfigurationTables(ranking, new Ranking(results.screened())).markdown());
        appendNotes();
        return text.toString();
    }

    private void appendEnvironment() {
        Environment environment = results.environment();
        if (environment != null) {
            text.append("Measured ")
                    .append(environment.network())
                    .append(", from ")
                    .append(environment.started())
                    .append(" on, by Java ")
                    .append(environment.java())
                    .append(" on ")
                    .append(environment.system())
                    .append(" with ")
                    .append(environment.processors())
                    .append(" processors. ");
            if (!environment.jvmOptions().isEmpty()) {
                text.append("The JVMs of all nodes had `")
                        .append(String.join(" ", environment.jvmOptions()))
                        .append("`. ");
            }
        }
        text.append(
                results.repetitions() == 1
                        ? "A single repetition.\n"
                        : "Medians of " + results.repetitions() + " repetitions, with minimum…maximum.\n");
        if (environment != null && !environment.leftOut().isEmpty()) {
            text.append("\nLeft out, for want of what they need:\n\n");
            environment
                    .leftOut()
                    .forEach(reason -> text.append("- ").append(reason).append('\n'));
        }
    }

    private void appendDuels(List<Duel> duels) {
        text.append("\n### Beside the best peer\n\n");
        new Claims(duels, results.repetitions())
                .sentences()
                .forEach(sentence -> text.append("- ").append(sentence).append('\n'));
        text.append("\nWhere a peer is better stands first.\n\n");
        appendRow(List.of("work", "of", "camure", "", "best peer", "", "camure is better by"));
        appendRow(Collections.nCopies(7, "---"));
        for (Duel duel : duels) {
            String column = duel.column();
            appendRow(List.of(
                    duel.key().toString(),
                    Columns.title(column),
                    duel.ours().system(),
                    ranged(duel.ours(), column),
                    duel.peer().system(),
                    ranged(duel.peer(), column),
                    duel.ratio().withRange()));
        }
    }

    private static String ranged(Entry entry, String column) {
        Spread spread = entry.spread(column);
        return spread == null ? NOTHING : spread.withRange();
    }

    private void appendTable(Key key) {
        List<Entry> ours = ranking.bestOf(key, Kind.CAMURE);
        List<Entry> rows = ranking.bestOfFamilies(key);
        if (rows.isEmpty()) {
            return;
        }
        Columns columns = rows.get(0).columns();
        List<String> headers = new ArrayList<>(List.of("system"));
        columns.names().forEach(name -> headers.add(Columns.title(name)));
        ours.forEach(entry -> headers.add(entry.system() + " is better by"));
        text.append("\n### ").append(key).append("\n\n");
        appendRow(headers);
        appendRow(headers.stream().map(header -> "---").toList());
        for (Entry entry : rows) {
            List<String> row = new ArrayList<>(List.of(mark(entry)));
            for (String name : columns.names()) {
                row.add(cell(entry, name, columns));
            }
            ours.forEach(own -> row.add(own.equals(entry) ? NOTHING : ratio(own.betterThan(entry, columns.first()))));
            appendRow(row);
        }
    }

    private static String cell(Entry entry, String name, Columns columns) {
        Spread spread = entry.spread(name);
        if (spread == null) {
            return NOTHING;
        }
        return columns.isCompared(name) ? spread.withRange() : spread.middle();
    }

    private static String ratio(@Nullable Spread spread) {
        return spread == null ? NOTHING : spread.withRange();
    }

    private static String mark(Entry entry) {
        return entry.system() + (entry.isRepeated() ? " *" : "") + (entry.isQuiet() ? "" : " †");
    }

    private void appendNotes() {
        List<Measurement> all = results.all();
        if (ranking.keys().stream().flatMap(key -> ranking.all(key).stream()).anyMatch(entry -> !entry.isQuiet())) {
            text.append("\n† In some repetition its compilers were not quiet when the warm-up was given up.\n");
        }
        if (all.stream().anyMatch(Measurement::repeated)) {
            Set<String> failures = new LinkedHashSet<>();
            for (Measurement measurement : all) {
                if (measurement.failure() != null) {
                    failures.add(measurement.cell() + ": " + measurement.failure());
                }
            }
            text.append("\n\\* A first try had failed")
                    .append(failures.isEmpty() ? ".\n" : "; these failed again:\n\n");
            failures.forEach(failure -> text.append("- ").append(failure).append('\n'));
        }
    }

    private void appendRow(Collection<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
}
