package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.BroadcastGroup;
import io.camure.spring.CamureListener;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The documents for operators use the names that meters really have. */
class OperationsTest {

    private static final Path DOCUMENTS = Path.of("../docs/operations");

    /** Given by who scrapes, or by a common tag. */
    private static final Set<String> LABELS_OF_ALL = Set.of("application", "instance");

    /** The labels of each time series of a coordinator and a member, and how meters are called in Micrometer. */
    private static final Map<String, Set<String>> SERIES = new TreeMap<>();

    private static final Set<String> METERS = new TreeSet<>();

    static class Listener {
        @CamureListener(group = "files")
        void on(String content) {
            if (content.equals("bad")) {
                throw new IllegalArgumentException("on purpose");
            }
        }
    }

    @BeforeAll
    static void scrapeACoordinatorAndAMember() {
        scraped(TestSession.coordinator())
                .withPropertyValues("camure.groups.sum.type=collective", "camure.groups.sum.payload-type=long")
                .run(coordinator -> scraped(TestSession.memberOf(coordinator))
                        .withBean(Listener.class)
                        .run(member -> {
                            coordinator.getBean(BroadcastGroup.class).send("bad".getBytes());
                            MeterRegistry registry = member.getBean(MeterRegistry.class);
                            await().atMost(TestSession.SOON)
                                    .until(() -> registry.find("camure.listener")
                                                    .tag("result", "failure")
                                                    .timer()
                                            != null);
                            List.of(coordinator, member).forEach(context -> {
                                PrometheusMeterRegistry each = context.getBean(PrometheusMeterRegistry.class);
                                take(each.scrape());
                                each.getMeters().stream()
                                        .map(Meter::getId)
                                        .map(Meter.Id::getName)
                                        .filter(name -> name.startsWith("camure."))
                                        .forEach(METERS::add);
                            });
                        }));
        assertThat(SERIES).hasSizeGreaterThan(25);
    }

    private static ApplicationContextRunner scraped(ApplicationContextRunner runner) {
        return runner.withConfiguration(AutoConfigurations.of(
                        MetricsAutoConfiguration.class,
                        CompositeMeterRegistryAutoConfiguration.class,
                        PrometheusMetricsExportAutoConfiguration.class))
                .withPropertyValues("management.metrics.distribution.percentiles-histogram.camure.round=true");
    }

    private static void take(String exposition) {
        exposition.lines().filter(line -> line.startsWith("camure_")).forEach(line -> {
            Set<String> labels = find("(\\w+)=\"", line);
            SERIES.computeIfAbsent(line.split("[{ ]")[0], name -> new TreeSet<>())
                    .addAll(labels);
        });
    }

    private static Set<String> find(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(result -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void assertKnown(String expression) {
        List<MatchResult> selectors = Pattern.compile("(camure_\\w+)(\\{[^}]*})?")
                .matcher(expression)
                .results()
                .toList();
        assertThat(selectors).as(expression).isNotEmpty();
        for (MatchResult selector : selectors) {
            assertThat(SERIES).as(expression).containsKey(selector.group(1));
            if (selector.group(2) != null) {
                Set<String> labels = find("(\\w+)(?:=|!)~?\"", selector.group(2));
                labels.removeAll(LABELS_OF_ALL);
                assertThat(SERIES.get(selector.group(1))).as(expression).containsAll(labels);
            }
        }
    }

    @Test
    void theDashboardOfGrafana() throws IOException {
        JsonNode dashboard =
                JsonMapper.shared().readTree(Files.readString(DOCUMENTS.resolve("grafana-dashboard.json")));
        List<String> expressions = new ArrayList<>();
        dashboard.findValuesAsString("expr").forEach(expressions::add);
        dashboard.findValuesAsString("definition").forEach(expressions::add);
        assertThat(expressions).hasSizeGreaterThan(20).allSatisfy(OperationsTest::assertKnown);
        // Nothing that is measured is left out.
        String all = String.join(" ", expressions);
        assertThat(SERIES.keySet())
                .filteredOn(name -> !name.matches("camure_listener_(running|queue_capacity_messages)")
                        && !name.matches("camure_(barrier_wait_seconds_max|round_seconds_sum)"))
                .allSatisfy(name -> assertThat(all).contains(name));
    }

    @Test
    @SuppressWarnings("unchecked")
    void theAlertsOfPrometheus() throws IOException {
        Map<String, List<Map<String, Object>>> file =
                new Yaml().load(Files.readString(DOCUMENTS.resolve("prometheus-alerts.yml")));
        List<Map<String, Object>> rules =
                (List<Map<String, Object>>) file.get("groups").get(0).get("rules");
        assertThat(rules).hasSizeGreaterThan(10).allSatisfy(rule -> {
            assertKnown((String) rule.get("expr"));
            assertThat((Map<String, String>) rule.get("annotations")).containsKey("summary");
        });
    }

    @Test
    void noNameSaysAWordTwice() {
        assertThat(SERIES.keySet()).allSatisfy(name -> {
            List<String> words = List.of(name.split("_"));
            assertThat(words).as(name).doesNotHaveDuplicates();
            // What is dropped, not sent or sent again is a datagram.
            assertThat(words.contains("retransmissions") && words.contains("datagrams"))
                    .as(name)
                    .isFalse();
        });
        assertThat(SERIES)
                .containsKeys(
                        "camure_datagrams_total",
                        "camure_datagrams_dropped_total",
                        "camure_datagrams_send_failures_total",
                        "camure_retransmissions_total",
                        "camure_status_reports_total");
    }

    @Test
    void theReferenceHasEachMeter() throws IOException {
        String reference = Files.readString(Path.of("../docs/reference.md"));
        String section = reference.substring(reference.indexOf("\n## Meters"));
        Set<String> documented = find("`(camure\\.[a-z.]+)`", section.substring(0, section.indexOf("\nThe timers")));
        assertThat(documented).isEqualTo(METERS);
    }
}
