package io.camure.benchmarks.report;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Lines in a field, as an SVG that follows the reader's choice of a light or a dark page. */
record Chart(String title, Axis horizontal, Axis vertical, List<Line> lines) {

    private static final int WIDTH = 860;
    private static final int HEIGHT = 440;
    private static final int LEFT = 70;
    private static final int RIGHT = 230;
    private static final int TOP = 44;
    private static final int BOTTOM = 56;
    private static final int LEGEND_STEP = 20;

    private static final String[] LIGHT = {
        "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#56a0d3", "#a03c3c", "#5c4db1", "#3f7f3f", "#777777",
        "#999999", "#444444"
    };
    private static final String[] DARK = {
        "#4fb3f0", "#ff9248", "#2fd3a5", "#e8a3cb", "#e0c040", "#9fd3f5", "#f08a8a", "#a99cf5", "#8fd08f", "#aaaaaa",
        "#888888", "#dddddd"
    };

    private static final String STYLE = """
            text { font: 13px system-ui, sans-serif; fill: #1f2328; }
            .title { font-size: 16px; font-weight: 600; }
            .page { fill: #ffffff; }
            .grid { stroke: #d8dee4; stroke-width: 1; }
            .line { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
            .ours { stroke-width: 3.4; }
            .floor { stroke-dasharray: 5 4; }
            """;

    private static final String DARK_STYLE = """
            @media (prefers-color-scheme: dark) {
            text { fill: #e6edf3; }
            .page { fill: #0d1117; }
            .grid { stroke: #30363d; }
            """;

    String svg() {
        StringBuilder svg = new StringBuilder();
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
                .append(WIDTH)
                .append(' ')
                .append(HEIGHT)
                .append("\" role=\"img\" aria-labelledby=\"title\">\n<title id=\"title\">")
                .append(escape(title))
                .append("</title>\n<style>\n")
                .append(STYLE);
        appendColours(svg, LIGHT);
        svg.append(DARK_STYLE);
        appendColours(svg, DARK);
        svg.append("}\n</style>\n<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n");
        appendText(svg, LEFT, 26, "start\" class=\"title", title);
        appendAxes(svg);
        lines.forEach(line -> appendLine(svg, line));
        appendLegend(svg);
        return svg.append("</svg>\n").toString();
    }

    private static void appendColours(StringBuilder svg, String[] colours) {
        for (int i = 0; i < colours.length; i++) {
            svg.append(String.format(Locale.ROOT, ".c%d { stroke: %s; }%n", i, colours[i]));
        }
    }

    private void appendAxes(StringBuilder svg) {
        double bottom = HEIGHT - BOTTOM;
        for (Axis.Tick tick : horizontal.ticks()) {
            double x = x(tick.value());
            appendGrid(svg, x, TOP, x, bottom);
            appendText(svg, x, bottom + 18, "middle", tick.text());
        }
        for (Axis.Tick tick : vertical.ticks()) {
            double y = y(tick.value());
            appendGrid(svg, LEFT, y, WIDTH - RIGHT, y);
            appendText(svg, LEFT - 8, y + 4, "end", tick.text());
        }
        appendText(svg, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 14, "middle", horizontal.title());
        appendText(svg, LEFT - 8, TOP - 10, "end", vertical.title());
    }

    private void appendLine(StringBuilder svg, Line line) {
        String points = line.points().stream()
                .map(point -> String.format(Locale.ROOT, "%.1f,%.1f", x(point.x()), y(point.y())))
                .collect(Collectors.joining(" "));
        svg.append("<polyline class=\"line ")
                .append(line.style())
                .append("\" points=\"")
                .append(points)
                .append("\"/>\n");
    }

    /** In the order of the lines' ends, so that it is read beside them. */
    private void appendLegend(StringBuilder svg) {
        List<Line> sorted = lines.stream()
                .sorted(Comparator.comparingDouble(
                        line -> -line.points().get(line.points().size() - 1).y()))
                .toList();
        int y = TOP + LEGEND_STEP / 2;
        for (Line line : sorted) {
            int x = WIDTH - RIGHT + 14;
            svg.append(String.format(
                    Locale.ROOT,
                    "<line class=\"line %s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>%n",
                    line.style(),
                    x,
                    y - 4,
                    x + 24,
                    y - 4));
            appendText(svg, x + 30, y, "start", line.name());
            y += LEGEND_STEP;
        }
    }

    private double x(double value) {
        return LEFT + horizontal.place(value) * (WIDTH - LEFT - RIGHT);
    }

    private double y(double value) {
        return HEIGHT - BOTTOM - vertical.place(value) * (HEIGHT - TOP - BOTTOM);
    }

    private static void appendGrid(StringBuilder svg, double x1, double y1, double x2, double y2) {
        svg.append(String.format(
                Locale.ROOT,
                "<line class=\"grid\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n",
                x1,
                y1,
                x2,
                y2));
    }

    private static void appendText(StringBuilder svg, double x, double y, String anchor, String text) {
        svg.append(String.format(
                Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, escape(text)));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** @param style the classes of its strokes */
    record Line(String name, String style, List<Point> points) {

        /** So that a family has the same colour in all charts. */
        static String colour(int number) {
            return "c" + number % LIGHT.length;
        }
    }

    record Point(double x, double y) {}
}
