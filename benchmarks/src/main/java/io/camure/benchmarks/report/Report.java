package io.camure.benchmarks.report;

import io.camure.benchmarks.Cell;
import io.camure.benchmarks.Contenders;
import io.camure.benchmarks.Measurement;
import io.camure.benchmarks.Network;
import io.camure.benchmarks.Results;
import io.camure.benchmarks.Work;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The results as Markdown: for each work, number of members and size a table with a row for each system. What it has of
 * several repetitions is their median, and for what matters most their minimum and maximum as well. A ratio is of two
 * systems in the same repetition.
 */
public final class Report {

    private static final String NOTHING = "–";

    private final List<Measurement> measurements;
    private final Network network;

    public Report(Results results, Network network) {
        measurements = results.all();
        this.network = network;
    }

    public String markdown() {
        StringBuilder text = new StringBuilder();
        text.append("Measured ")
                .append(network.description())
                .append(", by Java ")
                .append(Runtime.version())
                .append(" on ")
                .append(System.getProperty("os.name"))
                .append(' ')
                .append(System.getProperty("os.version"))
                .append(" (")
                .append(System.getProperty("os.arch"))
                .append(") with ")
                .append(Runtime.getRuntime().availableProcessors())
                .append(" processors. Medians of ")
                .append(measurements.stream()
                        .mapToInt(measurement -> measurement.cell().repetition())
                        .max()
                        .orElse(0))
                .append(" repetitions, with minimum…maximum.\n");
        for (Work work : Work.values()) {
            appendWork(text, work);
        }
        appendFailures(text);
        return text.toString();
    }

    private void appendWork(StringBuilder text, Work work) {
        Map<String, List<Measurement>> tables = measurements.stream()
                .filter(measurement -> measurement.cell().work() == work)
                .collect(Collectors.groupingBy(
                        measurement -> title(measurement.cell()), LinkedHashMap::new, Collectors.toList()));
        tables.forEach((title, rows) -> appendTable(text, title, rows, Columns.of(work)));
    }

    private static String title(Cell cell) {
        String title = cell.work() + ", " + (cell.members() == 1 ? "1 member" : cell.members() + " members");
        return cell.size() == null ? title : title + ", " + cell.size() + " B";
    }

    private static void appendTable(StringBuilder text, String title, List<Measurement> rows, Columns columns) {
        Map<String, List<Measurement>> bySystem = rows.stream()
                .collect(Collectors.groupingBy(
                        measurement -> measurement.cell().system(), LinkedHashMap::new, Collectors.toList()));
        List<String> ours =
                bySystem.keySet().stream().filter(Contenders::isCamure).toList();
        List<String> headers = new ArrayList<>(List.of("system"));
        columns.names().forEach(name -> headers.add(Columns.title(name)));
        ours.forEach(system -> headers.add(system + " is better by"));
        text.append("\n### ").append(title).append("\n\n");
        appendRow(text, headers);
        appendRow(text, headers.stream().map(header -> "---").toList());
        bySystem.forEach((system, own) -> {
            List<String> row = new ArrayList<>(List.of(mark(system, own)));
            boolean first = true;
            for (String name : columns.names()) {
                Spread spread =
                        Spread.of(own, measurement -> measurement.values().get(name));
                row.add(spread == null ? NOTHING : first ? spread.withRange() : spread.middle());
                first = false;
            }
            for (String camure : ours) {
                row.add(camure.equals(system) ? NOTHING : ratio(bySystem.get(camure), own, columns));
            }
            appendRow(text, row);
        });
    }

    private static String mark(String system, List<Measurement> measurements) {
        return measurements.stream().anyMatch(Measurement::repeated) ? system + " *" : system;
    }

    /** How many times better the first is, in the column that counts. */
    private static String ratio(@Nullable List<Measurement> camure, List<Measurement> others, Columns columns) {
        if (camure == null) {
            return NOTHING;
        }
        String name = columns.names().get(0);
        Map<Integer, Double> values = new LinkedHashMap<>();
        for (Measurement measurement : camure) {
            Double value = measurement.values().get(name);
            if (value != null) {
                values.put(measurement.cell().repetition(), value);
            }
        }
        Spread spread = Spread.of(others, measurement -> {
            Double own = values.get(measurement.cell().repetition());
            Double other = measurement.values().get(name);
            if (own == null || other == null) {
                return null;
            }
            return columns.moreIsBetter() ? own / other : other / own;
        });
        return spread == null ? NOTHING : spread.withRange();
    }

    private void appendFailures(StringBuilder text) {
        if (measurements.stream().anyMatch(Measurement::repeated)) {
            text.append("\n\\* A first try had failed");
            Set<String> failures = new LinkedHashSet<>();
            for (Measurement measurement : measurements) {
                if (measurement.failure() != null) {
                    failures.add(measurement.cell() + ": " + measurement.failure());
                }
            }
            text.append(failures.isEmpty() ? ".\n" : "; these failed again:\n\n");
            failures.forEach(failure -> text.append("- ").append(failure).append('\n'));
        }
    }

    private static void appendRow(StringBuilder text, Collection<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
}
