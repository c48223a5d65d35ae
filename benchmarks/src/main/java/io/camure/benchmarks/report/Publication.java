package io.camure.benchmarks.report;

import io.camure.benchmarks.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts a report where it is read. */
public final class Publication {

    /** In a Markdown file, what a report is put after. */
    static final String BEGIN = "<!-- begin: what ./bench has written -->";

    /** What it is put before. */
    static final String END = "<!-- end: what ./bench has written -->";

    private static final String PLOTS = "plots";

    private Publication() {}

    /**
     * Gives back the report.
     *
     * @param file also has the report put between the marks in it, and plots beside it; nothing for neither
     * @throws IOException if that fails, or there are no such marks
     */
    public static String of(Results results, @Nullable Path file) throws IOException {
        if (file == null) {
            return new Report(results).markdown(Map.of());
        }
        String old = Files.readString(file);
        int begin = old.indexOf(BEGIN);
        int end = old.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException("'" + file + "' has no lines '" + BEGIN + "' and '" + END + "'");
        }
        Path plots = file.toAbsolutePath().resolveSibling(PLOTS);
        Files.createDirectories(plots);
        Map<String, String> names = new LinkedHashMap<>();
        for (Map.Entry<String, Chart> plot :
                new Plots(new Ranking(results.all())).all().entrySet()) {
            Files.writeString(plots.resolve(plot.getKey()), plot.getValue().svg());
            names.put(plot.getValue().title(), PLOTS + "/" + plot.getKey());
        }
        String report = new Report(results).markdown(names);
        Files.writeString(file, old.substring(0, begin + BEGIN.length()) + "\n" + report + "\n" + old.substring(end));
        return report;
    }
}
