package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.Barrier;
import io.camure.Round;
import io.camure.spring.boot.autoconfigure.Traces.Maker;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.tracing.autoconfigure.prometheus.PrometheusExemplarsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** From a figure of rounds to a trace in which one of them was waited for. */
class ExemplarTest {

    private static final String OPEN_METRICS = "application/openmetrics-text";

    private final Traces traces = new Traces();

    private ApplicationContextRunner scraped(ApplicationContextRunner runner, Maker maker) {
        return traces.of(runner, maker)
                .withConfiguration(AutoConfigurations.of(
                        MetricsAutoConfiguration.class,
                        CompositeMeterRegistryAutoConfiguration.class,
                        PrometheusMetricsExportAutoConfiguration.class,
                        PrometheusExemplarsAutoConfiguration.class));
    }

    private static List<String> exemplars(ApplicationContext context, String meter) {
        return context.getBean(PrometheusMeterRegistry.class)
                .scrape(OPEN_METRICS)
                .lines()
                .filter(line -> line.startsWith(meter) && line.contains("group=\"start-line\"") && line.contains(" # "))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void roundsNameATraceInWhichTheyWereWaitedFor(Maker maker) {
        scraped(TestSession.coordinator(), maker)
                .run(coordinator -> scraped(TestSession.memberOf(coordinator), maker)
                        .run(member -> {
                            CompletableFuture<Round> there = Traces.request(
                                    coordinator,
                                    true,
                                    () -> coordinator
                                            .getBean("start-line", Barrier.class)
                                            .awaitAsync());
                            Traces.request(
                                    member,
                                    true,
                                    () -> member.getBean("start-line", Barrier.class)
                                            .await(TestSession.SOON));
                            assertThat(there).succeedsWithin(TestSession.SOON);

                            for (ApplicationContext each : List.of(coordinator, member)) {
                                for (String meter : List.of("camure_round_seconds", "camure_barrier_wait_seconds")) {
                                    await().atMost(TestSession.SOON)
                                            .untilAsserted(() -> assertThat(exemplars(each, meter))
                                                    .isNotEmpty()
                                                    .allSatisfy(line -> assertThat(line)
                                                            .contains("trace_id=\"" + Traces.TRACE + "\"")));
                                }
                            }
                        }));
    }
}
