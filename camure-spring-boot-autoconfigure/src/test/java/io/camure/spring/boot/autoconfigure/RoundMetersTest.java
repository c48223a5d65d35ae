package io.camure.spring.boot.autoconfigure;

import static io.camure.spring.boot.autoconfigure.TestMeters.gauge;
import static io.camure.spring.boot.autoconfigure.TestMeters.registry;
import static io.camure.spring.boot.autoconfigure.TestMeters.rounds;
import static io.camure.spring.boot.autoconfigure.TestSession.meet;
import static io.camure.spring.boot.autoconfigure.TestSession.metered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.camure.Barrier;
import io.camure.CoordinatorBarrier;
import io.camure.DisconnectedException;
import io.camure.Round;
import io.camure.RoundTimeoutException;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.context.ApplicationContext;

/** What is told of rounds, complete or not. */
class RoundMetersTest {

    @Test
    void roundsAreTimedOnBothSides() {
        metered(TestSession.coordinator())
                .run(coordinator -> metered(TestSession.memberOf(coordinator)).run(member -> {
                    meet(coordinator, member);
                    meet(coordinator, member);
                    for (ApplicationContext context : List.of(coordinator, member)) {
                        Timer completed = rounds(context, "start-line", "completed");
                        await().atMost(TestSession.SOON)
                                .untilAsserted(
                                        () -> assertThat(completed.count()).isEqualTo(2));
                        assertThat(completed.totalTime(TimeUnit.NANOSECONDS)).isPositive();
                        Timer wait = registry(context)
                                .get("camure.barrier.wait")
                                .tag("group", "start-line")
                                .timer();
                        await().atMost(TestSession.SOON)
                                .untilAsserted(() -> assertThat(wait.count()).isEqualTo(2));
                        assertThat(wait.totalTime(TimeUnit.NANOSECONDS))
                                .isLessThanOrEqualTo(completed.totalTime(TimeUnit.NANOSECONDS));
                        assertThat(gauge(context, "camure.rtt", "start-line")).isPositive();
                        assertThat(gauge(context, "camure.rtt", "start-line")).isLessThan(30);
                    }
                    // A member does not count what its arrival and its release took.
                    assertThat(registry(member)
                                    .get("camure.barrier.wait")
                                    .tag("group", "start-line")
                                    .timer()
                                    .totalTime(TimeUnit.NANOSECONDS))
                            .isLessThan(
                                    rounds(member, "start-line", "completed").totalTime(TimeUnit.NANOSECONDS));
                    assertThat(registry(coordinator)
                                    .get("camure.group.members")
                                    .tag("group", "start-line")
                                    .gauge()
                                    .value())
                            .isOne();
                }));
    }

    @Test
    void aRoundThatIsNotCompleteIsSeenAtTheCoordinator() {
        metered(TestSession.coordinator())
                .run(coordinator -> TestSession.memberOf(coordinator).run(member -> {
                    assertThat(gauge(coordinator, "camure.barrier.missing.members", "start-line"))
                            .isZero();
                    assertThat(gauge(coordinator, "camure.barrier.pending", "start-line"))
                            .isZero();
                    CompletableFuture<Round> there = coordinator
                            .getBean("start-line", CoordinatorBarrier.class)
                            .awaitAsync();
                    assertThat(gauge(coordinator, "camure.barrier.missing.members", "start-line"))
                            .isOne();
                    await().atMost(TestSession.SOON)
                            .until(() -> gauge(coordinator, "camure.barrier.pending", "start-line") > 0.01);
                    member.getBean("start-line", Barrier.class).await(TestSession.SOON);
                    assertThat(there).succeedsWithin(TestSession.SOON);
                    assertThat(gauge(coordinator, "camure.barrier.missing.members", "start-line"))
                            .isZero();
                }));
    }

    @Test
    void aRoundThatSeveralThreadsWaitForIsCountedOnce() {
        metered(TestSession.coordinator())
                .run(coordinator -> TestSession.memberOf(coordinator).run(member -> {
                    CoordinatorBarrier startLine = coordinator.getBean("start-line", CoordinatorBarrier.class);
                    CompletableFuture<Round> first = startLine.awaitAsync();
                    CompletableFuture<Round> second = startLine.awaitAsync();
                    member.getBean("start-line", Barrier.class).await(TestSession.SOON);
                    assertThat(CompletableFuture.allOf(first, second)).succeedsWithin(TestSession.SOON);
                    meet(coordinator, member);
                    await().atMost(TestSession.SOON)
                            .untilAsserted(() -> assertThat(rounds(coordinator, "start-line", "completed")
                                            .count())
                                    .isEqualTo(2));
                }));
    }

    @Test
    void waitsThatEndWithoutARoundAreTimed() {
        metered(TestSession.coordinator()).run(context -> {
            CoordinatorBarrier startLine = context.getBean("start-line", CoordinatorBarrier.class);
            assertThatExceptionOfType(RoundTimeoutException.class)
                    .isThrownBy(() -> startLine.await(Duration.ofMillis(1)));
            assertThat(rounds(context, "start-line", "timeout").count()).isOne();
            CompletableFuture<Round> open = startLine.awaitAsync();
            context.getSourceApplicationContext().stop();
            assertThat(open)
                    .failsWithin(TestSession.SOON)
                    .withThrowableThat()
                    .withCauseInstanceOf(DisconnectedException.class);
            await().atMost(TestSession.SOON)
                    .untilAsserted(() -> assertThat(
                                    rounds(context, "start-line", "failed").count())
                            .isOne());
        });
    }

    @Test
    void roundsCountOnWhenTheCoordinatorNumbersThemFromTheBeginningAgain() {
        int port = TestSession.freePort();
        metered(TestSession.coordinator(port)).run(coordinator -> {
            TestSession.member(port).run(member -> meet(coordinator, member));
            coordinator.getSourceApplicationContext().stop();
            coordinator.getSourceApplicationContext().start();
            TestSession.member(port).run(member -> meet(coordinator, member));
            await().atMost(TestSession.SOON)
                    .untilAsserted(() -> assertThat(rounds(coordinator, "start-line", "completed")
                                    .count())
                            .isEqualTo(2));
        });
    }

    @Test
    void roundsHaveBucketsBelowAMillisecondWhereAHistogramIsAskedFor() {
        TestSession.coordinator()
                .withConfiguration(AutoConfigurations.of(
                        MetricsAutoConfiguration.class,
                        CompositeMeterRegistryAutoConfiguration.class,
                        PrometheusMetricsExportAutoConfiguration.class))
                .withPropertyValues(
                        "management.metrics.distribution.percentiles-histogram.camure.round=true",
                        "management.metrics.distribution.slo.camure.barrier.wait=50us,200us")
                .run(context -> {
                    String scraped =
                            context.getBean(PrometheusMeterRegistry.class).scrape();
                    assertThat(bounds(scraped, "camure_round_seconds"))
                            .filteredOn(seconds -> seconds < 0.001)
                            .hasSizeGreaterThan(15)
                            .allSatisfy(seconds -> assertThat(seconds).isGreaterThanOrEqualTo(0.00001));
                    assertThat(bounds(scraped, "camure_barrier_wait_seconds"))
                            .containsExactly(0.00005, 0.0002, Double.POSITIVE_INFINITY);
                });
    }

    private static Set<Double> bounds(String scraped, String timer) {
        return Pattern.compile(timer + "_bucket\\{[^}]*le=\"([^\"]+)\"")
                .matcher(scraped)
                .results()
                .map(result -> Double.valueOf(result.group(1).replace("+Inf", "Infinity")))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
