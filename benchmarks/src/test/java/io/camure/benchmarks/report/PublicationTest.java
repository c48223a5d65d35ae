package io.camure.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camure.benchmarks.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class PublicationTest {

    @TempDir
    private Path directory;

    private final Results results = new Samples()
            .barrier("camure-nio", 1, 25, 26)
            .barrier("camure-nio", 4, 130, 132)
            .barrier("jgroups-udp:no-bundler.all-direct", 1, 76, 78)
            .barrier("jgroups-udp:no-bundler.all-direct", 4, 220, 230)
            .broadcast("camure-linux", 100, 459, 460)
            .broadcast("camure-linux", 65536, 2300, 2319)
            .results();

    @Test
    void theReportReplacesTheOneBetweenTheMarks() throws IOException {
        Path file = directory.resolve("RESULTS.md");
        Files.writeString(file, "before\n" + Publication.BEGIN + "\nold\n" + Publication.END + "\nafter\n");

        Publication.of(results, file);

        assertThat(file)
                .content()
                .startsWith("before\n")
                .endsWith(Publication.END + "\nafter\n")
                .contains("### Beside the best peer")
                .doesNotContain("old");
    }

    @Test
    void plotsAreValidFollowThePagesColoursAndAreNamedInTheReport() throws Exception {
        Path file = directory.resolve("RESULTS.md");
        Files.writeString(file, Publication.BEGIN + "\n" + Publication.END + "\n");

        String report = Publication.of(results, file);

        try (Stream<Path> plots = Files.list(directory.resolve("plots"))) {
            assertThat(plots.map(plot -> plot.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "barrier-distribution-1.svg",
                            "barrier-distribution-4.svg",
                            "barrier-scaling-p50.svg",
                            "barrier-scaling-p99.svg",
                            "barrier-scaling-rounds.svg",
                            "broadcast-1.svg")
                    .allMatch(name -> report.contains("](plots/" + name + ")"));
        }
        Path plot = directory.resolve("plots").resolve("barrier-scaling-p50.svg");
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(plot.toFile());
        assertThat(document.getElementsByTagName("polyline").getLength()).isEqualTo(2);
        assertThat(plot).content().contains("prefers-color-scheme: dark").doesNotContain("NaN");
    }

    @Test
    void aFileWithoutMarksIsLeftAlone() throws IOException {
        Path file = directory.resolve("RESULTS.md");
        Files.writeString(file, "nothing");

        assertThatThrownBy(() -> Publication.of(results, file)).isInstanceOf(IOException.class);
        assertThat(file).content().isEqualTo("nothing");
    }
}
