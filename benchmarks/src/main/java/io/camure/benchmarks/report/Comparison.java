package io.camure.benchmarks.report;

import io.camure.benchmarks.Contenders;
import io.camure.benchmarks.Family.Kind;
import io.camure.benchmarks.Results;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Two runs side by side. The floors, which have no protocol, come first: where they differ, the machine was another one or
 * busy, and the rest says little. Only systems of ours are regressions.
 */
public final class Comparison {

    private final List<Row> rows;

    private Comparison(List<Row> rows) {
        this.rows = rows;
    }

    /** Compares all that both have measured. */
    public static Comparison of(Results before, Results after) {
        Ranking earlier = new Ranking(before.all());
        Ranking later = new Ranking(after.all());
        List<Row> rows = new ArrayList<>();
        for (Key key : earlier.keys()) {
            Map<String, Entry> laterOnes = new HashMap<>();
            later.all(key).forEach(entry -> laterOnes.put(entry.system(), entry));
            for (Entry one : earlier.all(key)) {
                Entry other = laterOnes.get(one.system());
                if (other != null) {
                    one.columns().compared().forEach(column -> addRow(rows, key, column, one, other));
                }
            }
        }
        rows.sort(Comparator.comparing((Row row) -> !row.isFloor())
                .thenComparing(row -> row.change().verdict()));
        return new Comparison(rows);
    }

    private static void addRow(List<Row> rows, Key key, String column, Entry one, Entry other) {
        Spread before = one.spread(column);
        Spread after = other.spread(column);
        if (before != null && after != null && before.median() > 0 && after.median() > 0) {
            Change change = Change.between(one.values(column), other.values(column), Columns.isMoreBetter(column));
            rows.add(new Row(key, one.system(), column, before, after, change));
        }
    }

    /** Whether a system of ours has become worse by more than noise. */
    public boolean hasRegressions() {
        return rows.stream().anyMatch(Row::isRegression);
    }

    /** As a table, with a sentence before it. */
    public String markdown() {
        StringBuilder text = new StringBuilder();
        long regressions = rows.stream().filter(Row::isRegression).count();
        text.append(rows.isEmpty() ? "The runs have measured nothing in common.\n" : "")
                .append(regressions)
                .append(regressions == 1 ? " regression" : " regressions")
                .append(" beyond noise in ")
                .append(rows.size())
                .append(" comparisons. ")
                .append(Change.RULE)
                .append("\n\n");
        text.append("| work | system | of | before | after | better by | p | verdict |\n");
        text.append("| --- | --- | --- | --- | --- | --- | --- | --- |\n");
        rows.forEach(row -> text.append(row.markdown()));
        return text.toString();
    }

    private record Row(Key key, String system, String column, Spread before, Spread after, Change change) {

        boolean isFloor() {
            return Contenders.familyOf(system).kind() == Kind.FLOOR;
        }

        boolean isRegression() {
            return Contenders.isCamure(system) && change.verdict() == Change.Verdict.WORSE;
        }

        String markdown() {
            return "| "
                    + String.join(
                            " | ",
                            key.toString(),
                            system + (isFloor() ? " (the machine)" : ""),
                            Columns.title(column),
                            before.withRange(),
                            after.withRange(),
                            String.format(Locale.ROOT, "%.2f", change.ratio()),
                            Double.isNaN(change.p()) ? "–" : String.format(Locale.ROOT, "%.3f", change.p()),
                            change.verdict().toString())
                    + " |\n";
        }
    }
}
