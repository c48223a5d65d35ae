package io.camure.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.benchmarks.Cell;
import io.camure.benchmarks.Measurement;
import io.camure.benchmarks.Work;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {

    private final Samples samples = new Samples()
            .barrier("camure-nio", 1, 24, 25, 26, 27, 25)
            .barrier("aeron-mcast:invoker.spin", 1, 17, 16, 18, 17, 17)
            .barrier("jgroups-udp", 1, 300, 310, 320, 330, 310)
            .barrier("jgroups-udp:no-bundler.all-direct", 1, 76, 75, 78, 80, 76)
            .barrier("bare-nio-spin", 1, 13, 13, 13, 13, 13)
            .barrier("camure-nio", 4, 50, 51, 52, 53, 51)
            .barrier("aeron-mcast:invoker.spin", 4, 100, 100, 110, 110, 105)
            .barrier("camure-nio", 2, 40, 40, 40, 40, 40)
            .barrier("hazelcast:topic", 2, 39, 41, 39, 41, 40);

    @Test
    void whereAPeerIsBetterStandsFirst() {
        List<Duel> duels = Duel.of(samples.ranking()).stream()
                .filter(duel -> duel.column().equals("p50_us"))
                .toList();

        assertThat(duels).extracting(duel -> duel.key().members()).containsExactly(1, 2, 4);
        assertThat(duels.get(0).peer().system()).isEqualTo("aeron-mcast:invoker.spin");
        assertThat(duels.get(0).isLost()).isTrue();
        assertThat(duels.get(1).isLost() || duels.get(1).isWon()).isFalse();
        assertThat(duels.get(2).isWon()).isTrue();
    }

    @Test
    void tailsAreComparedWithThePeerThatHasTheBestOnes() {
        Measurement shortTail = Measurement.of(new Cell("openmpi:yield", Work.BARRIER, 1, null, 1))
                .with("p50_us", 90)
                .with("p99_us", 100);

        List<Duel> duels = Duel.of(samples.add(shortTail).ranking());

        assertThat(duels)
                .filteredOn(duel -> duel.key().members() == 1 && duel.column().equals("p99_us"))
                .extracting(duel -> duel.peer().system())
                .containsExactly("openmpi:yield");
    }

    @Test
    void theBestConfigurationStandsForItsFamilyAndFloorsComeLast() {
        String report = new Report(samples.results()).markdown(Map.of());
        String table = section(report, "### barrier, 1 member");

        assertThat(table.lines().filter(line -> line.startsWith("| ")).skip(2))
                .extracting(line -> line.split(" ")[1])
                .containsExactly(
                        "aeron-mcast:invoker.spin", "camure-nio", "jgroups-udp:no-bundler.all-direct", "bare-nio-spin");
        assertThat(section(report, "### All configurations of jgroups-udp"))
                .contains("| jgroups-udp | 310 | 3,226 |")
                .contains("| jgroups-udp:no-bundler.all-direct | **76.0** (4.10) | **13,160** (4.10) |");
    }

    @Test
    void claimsSayWhatIsWorseFirst() {
        List<String> sentences = new Claims(Duel.of(samples.ranking()), 5).sentences();

        assertThat(sentences)
                .contains(
                        "camure-nio at barrier, p50, µs: worse than the best peer in 1 of 3 (1 member: 0.68 × aeron-mcast);"
                                + " no different within the noise in 1 of 3 (2 members: 1.00 × hazelcast); better in 1 of 3,"
                                + " by 2.06 times.");
    }

    @Test
    void collectivesStandBesideWhatTheyAreMadeOf() {
        String report = new Report(samples.collective("camure-nio", Work.ALLREDUCE, null, 24, 26, 26, 27, 25)
                        .collective("camure-nio", Work.ALLGATHER, 65536, 50, 50, 50, 50, 50)
                        .collective("bare-nio", Work.ALLGATHER, 65536, 25, 25, 25, 25, 25)
                        .broadcast("camure-nio", 65536, 250, 250, 250, 250, 250)
                        .results())
                .markdown(Map.of());

        assertThat(section(report, "### Collectives beside what they are made of"))
                .contains("| allreduce, 1 member | camure-nio | 1.00 (1.00…1.04) | – | – |")
                .contains("| allgather, 1 member, 65536 B | camure-nio | 2.00 (1.85…2.08) | 0.50 | 1.60 |")
                .doesNotContain("| bare-nio |");
    }

    @Test
    void withoutCollectivesThereIsNothingToStandBeside() {
        assertThat(new Report(samples.results()).markdown(Map.of())).doesNotContain("### Collectives");
    }

    @Test
    void fewRepetitionsAreNoClaim() {
        assertThat(new Claims(List.of(), 2).sentences().get(0)).contains("5 are needed");
    }

    @Test
    void compilersThatWereNotQuietAreMarked() {
        Measurement restless = Measurement.of(new Cell("camure-linux", Work.BARRIER, 1, null, 1))
                .with("p50_us", 31)
                .with("quiet", 0);

        String report = new Report(samples.add(restless).results()).markdown(Map.of());

        assertThat(report).contains("| camure-linux † | 31.0 |").contains("were not quiet");
    }

    private static String section(String report, String title) {
        int begin = report.indexOf(title + "\n");
        assertThat(begin).as(title).isPositive();
        int end = report.indexOf("\n### ", begin);
        return end < 0 ? report.substring(begin) : report.substring(begin, end);
    }
}
