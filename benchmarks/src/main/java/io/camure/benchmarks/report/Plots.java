package io.camure.benchmarks.report;

import io.camure.benchmarks.Contenders;
import io.camure.benchmarks.Family;
import io.camure.benchmarks.Family.Kind;
import io.camure.benchmarks.Measurement;
import io.camure.benchmarks.Start;
import io.camure.benchmarks.Work;
import io.camure.benchmarks.report.Chart.Line;
import io.camure.benchmarks.report.Chart.Point;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/** The charts of a report, of the best configuration of each family. */
final class Plots {

    private final Ranking ranking;

    Plots(Ranking ranking) {
        this.ranking = ranking;
    }

    /** By file names. */
    Map<String, Chart> all() {
        Map<String, Chart> charts = new LinkedHashMap<>();
        TreeSet<Integer> members = new TreeSet<>();
        ranking.keys().forEach(key -> members.add(key.members()));
        for (Work work : List.of(Work.BARRIER, Work.LATENCY)) {
            for (Key key : keys(work)) {
                add(charts, work + "-distribution-" + key.members(), distribution(key));
            }
        }
        for (String column : List.of("p50_us", "p99_us", "rounds_s")) {
            String name = "barrier-scaling-" + column.substring(0, column.indexOf('_'));
            add(charts, name, by(keys(Work.BARRIER), column, "members", Key::members, "Barrier by members: "));
        }
        for (int count : members) {
            List<Key> keys = keys(Work.BROADCAST).stream()
                    .filter(key -> key.members() == count)
                    .toList();
            String title = "Broadcast by message size, " + count + (count == 1 ? " member: " : " members: ");
            add(charts, "broadcast-" + count, by(keys, "mb_s", "bytes of a message", Plots::sizeOf, title));
        }
        return charts;
    }

    private static void add(Map<String, Chart> charts, String name, Chart chart) {
        if (!chart.lines().isEmpty()) {
            charts.put(name + ".svg", chart);
        }
    }

    private List<Key> keys(Work work) {
        return ranking.keys().stream()
                .filter(key -> key.work() == work && key.start() == Start.PLAIN)
                .toList();
    }

    private static int sizeOf(Key key) {
        Integer size = key.size();
        return size == null ? 0 : size;
    }

    private Chart distribution(Key key) {
        List<Line> lines = new ArrayList<>();
        for (Entry entry : ranking.bestOfFamilies(key)) {
            List<Point> points = new ArrayList<>();
            Measurement.DISTRIBUTION.forEach((name, percentile) -> {
                Spread spread = entry.spread(name);
                if (spread != null && spread.median() > 0) {
                    points.add(new Point(percentile, spread.median()));
                }
            });
            addLine(lines, entry.family(), entry.family().name(), points);
        }
        String title = key.work() == Work.BARRIER ? "A round takes" : "A message takes";
        return chart(
                title + " at most, " + key.members() + (key.members() == 1 ? " member" : " members"),
                Axis.ofPercentiles("% of all, medians of the repetitions"),
                "µs",
                lines);
    }

    private Chart by(List<Key> keys, String column, String axis, ToDoubleFunction<Key> place, String title) {
        Map<String, TreeMap<Double, Double>> values = new LinkedHashMap<>();
        TreeSet<Double> places = new TreeSet<>();
        for (Key key : keys) {
            for (Entry entry : ranking.bestOfFamilies(key)) {
                Spread spread = entry.spread(column);
                if (spread != null && spread.median() > 0) {
                    places.add(place.applyAsDouble(key));
                    values.computeIfAbsent(entry.family().name(), name -> new TreeMap<>())
                            .put(place.applyAsDouble(key), spread.median());
                }
            }
        }
        List<Line> lines = new ArrayList<>();
        if (places.size() > 1) {
            values.forEach((family, own) -> {
                List<Point> points = new ArrayList<>();
                own.forEach((x, y) -> points.add(new Point(x, y)));
                addLine(lines, Contenders.familyOf(family), family, points);
            });
        }
        String unit = Columns.title(column);
        return chart(title + unit, Axis.of(axis, List.copyOf(places)), "", lines);
    }

    private static Chart chart(String title, Axis horizontal, String unit, List<Line> lines) {
        double least = Double.MAX_VALUE;
        double most = 0;
        for (Line line : lines) {
            for (Point point : line.points()) {
                least = Math.min(least, point.y());
                most = Math.max(most, point.y());
            }
        }
        return new Chart(title, horizontal, Axis.logarithmic(unit, Math.min(least, most), most), lines);
    }

    private static void addLine(List<Line> lines, Family family, String name, List<Point> points) {
        if (points.isEmpty()) {
            return;
        }
        String style = Line.colour(List.copyOf(Contenders.families()).indexOf(family.name()));
        if (family.kind() == Kind.CAMURE) {
            style += " ours";
        } else if (family.kind() == Kind.FLOOR) {
            style += " floor";
        }
        lines.add(new Line(name, style, points));
    }
}
