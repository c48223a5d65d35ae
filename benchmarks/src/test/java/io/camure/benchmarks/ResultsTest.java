package io.camure.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {

    @TempDir
    private Path directory;

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Path file = directory.resolve("run.json");
        Environment environment = new Environment(
                "2026-01-02T03:04:05Z",
                "on loopback",
                "25",
                "Linux",
                2,
                "adaptive",
                List.of("-Xint"),
                List.of("redis"));
        Measurement barrier = Measurement.of(new Cell("camure-nio", Work.BARRIER, 2, null, 1))
                .with("p50_us", 53.5)
                .with("quiet", 1);
        Measurement cold = Measurement.of(new Cell("jgroups-udp:oob@17+cds", Work.COLD_BROADCAST, 4, 65536, 2))
                .with("first_mb_s", 24)
                .asRepeated();
        Measurement screened = Measurement.of(new Cell("hazelcast:topic", Work.BARRIER, 1, null, 1))
                .with("p50_us", 144)
                .asScreening();
        Measurement failed = Measurement.failed(new Cell("bare-nio", Work.BARRIER, 1, null, 1), "it has ended");
        new Results(environment).begin(file);
        for (Measurement measurement : List.of(barrier, cold, screened, failed)) {
            Results.append(file, measurement);
        }

        Results read = Results.read(List.of(file));

        assertThat(read.environment()).isEqualTo(environment);
        assertThat(read.all()).containsExactly(barrier, cold, failed);
        assertThat(read.screened()).containsExactly(screened);
        assertThat(read.repetitions()).isEqualTo(2);
    }

    @Test
    void repetitionsOfAnotherFileAreFurtherOnes() throws IOException {
        Path file = directory.resolve("run.json");
        new Results(null).begin(file);
        Results.append(
                file,
                Measurement.of(new Cell("camure-nio", Work.BARRIER, 2, null, 1)).with("p50_us", 53));

        assertThat(Results.read(List.of(file, file)).repetitions()).isEqualTo(2);
    }

    @Test
    void aLineThatIsNoMeasurementIsNamed() throws IOException {
        Path file = directory.resolve("run.json");
        Files.writeString(file, "{\"environment\":null}\n{\"system\":\"camure-nio\"}\n");

        assertThatThrownBy(() -> Results.read(List.of(file)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("run.json', line 2");
    }
}
