package io.camure.spring.boot.autoconfigure;

import static io.camure.spring.boot.autoconfigure.TestSession.metered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.camure.Barrier;
import io.camure.BarrierGroup;
import io.camure.BroadcastGroup;
import io.camure.DisconnectedException;
import io.camure.Round;
import io.camure.RoundTimeoutException;
import io.camure.spring.CamureListener;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
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
import org.springframework.boot.micrometer.metrics.autoconfigure.MeterRegistryCustomizer;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.context.ApplicationContext;

/** What the meters of a node count. */
class MetersTest {

    private static MeterRegistry registry(ApplicationContext context) {
        return context.getBean(MeterRegistry.class);
    }

    private static double count(ApplicationContext context, String name, String... tags) {
        return registry(context).get(name).tags(tags).functionCounter().count();
    }

    private static Timer rounds(ApplicationContext context, String group, String outcome) {
        return registry(context)
                .get("camure.round")
                .tags("group", group, "outcome", outcome)
                .timer();
    }

    private static void meet(ApplicationContext coordinator, ApplicationContext member) throws InterruptedException {
        CompletableFuture<Round> there =
                coordinator.getBean("start-line", BarrierGroup.class).awaitAsync();
        member.getBean("start-line", Barrier.class).await(TestSession.SOON);
        assertThat(there).succeedsWithin(TestSession.SOON);
    }

    @Test
    void allMetersAreThereFromTheStartWithUnitsAndDescriptions() {
        metered(TestSession.coordinator()).run(context -> {
            List<Meter> meters = registry(context).getMeters().stream()
                    .filter(meter -> meter.getId().getName().startsWith("camure."))
                    .toList();
            assertThat(meters.stream().map(meter -> meter.getId().getName()).collect(Collectors.toSet()))
                    .containsExactlyInAnyOrder(
                            "camure.round",
                            "camure.round.trip",
                            "camure.barrier.wait",
                            "camure.barrier.missing.members",
                            "camure.barrier.pending",
                            "camure.group.open",
                            "camure.group.members",
                            "camure.group.expected.members",
                            "camure.broadcast.messages",
                            "camure.broadcast.bytes",
                            "camure.broadcast.window.used",
                            "camure.broadcast.window.size",
                            "camure.broadcast.slow.members",
                            "camure.receipts",
                            "camure.datagrams",
                            "camure.datagrams.dropped",
                            "camure.datagrams.send.failures",
                            "camure.retransmissions");
            assertThat(meters).allSatisfy(meter -> {
                assertThat(meter.getId().getDescription()).isNotBlank();
                // Whether or not has no unit.
                assertThat(meter.getId().getBaseUnit() != null
                                || meter.getId().getName().equals("camure.group.open"))
                        .as("%s", meter.getId())
                        .isTrue();
                assertThat(meter.getId().getTags())
                        .extracting(Tag::getKey)
                        .isSubsetOf("group", "session", "outcome", "direction", "reason");
            });
            assertThat(rounds(context, "finish", "failed").count()).isZero();
            assertThat(count(context, "camure.datagrams.dropped", "reason", "truncated"))
                    .isZero();
        });
    }

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
                        assertThat(gauge(context, "camure.round.trip", "start-line"))
                                .isPositive();
                        assertThat(gauge(context, "camure.round.trip", "start-line"))
                                .isLessThan(30);
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

    private static double gauge(ApplicationContext context, String name, String group) {
        return ((Gauge) registry(context).get(name).tag("group", group).meter()).value();
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
                            .getBean("start-line", BarrierGroup.class)
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
    void groupsAreOpenUntilTheyAreLost() {
        TestSession.coordinator()
                .run(coordinator -> metered(TestSession.memberOf(coordinator)).run(member -> {
                    assertThat(gauge(member, "camure.group.open", "files")).isOne();
                    coordinator.getSourceApplicationContext().stop();
                    await().atMost(TestSession.SOON).until(() -> gauge(member, "camure.group.open", "files") == 0);
                }));
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

    @Test
    void theRegistryIsNotMadeBeforeWhatChangesIt() {
        metered(TestSession.coordinator())
                .withBean(
                        "tags",
                        MeterRegistryCustomizer.class,
                        () -> registry -> registry.config().commonTags("region", "here"))
                .run(context -> assertThat(registry(context).getMeters())
                        .filteredOn(meter -> meter.getId().getName().startsWith("camure."))
                        .isNotEmpty()
                        .allSatisfy(meter ->
                                assertThat(meter.getId().getTag("region")).isEqualTo("here")));
    }

    @Test
    void aRoundThatSeveralThreadsWaitForIsCountedOnce() {
        metered(TestSession.coordinator())
                .run(coordinator -> TestSession.memberOf(coordinator).run(member -> {
                    BarrierGroup startLine = coordinator.getBean("start-line", BarrierGroup.class);
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
            BarrierGroup startLine = context.getBean("start-line", BarrierGroup.class);
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

    static class Listener {
        @CamureListener(group = "files")
        void on(String content) {
            if (content.equals("bad")) {
                throw new IllegalArgumentException("on purpose");
            }
        }
    }

    @Test
    void messagesAndTheirListenersAreCounted() {
        metered(TestSession.coordinator())
                .run(coordinator -> metered(TestSession.memberOf(coordinator))
                        .withBean(Listener.class)
                        .run(member -> {
                            assertThat(gauge(member, "camure.listener.running", "files"))
                                    .isOne();
                            assertThat(gauge(member, "camure.listener.queue.size", "files"))
                                    .isZero();
                            assertThat(gauge(member, "camure.listener.queue.capacity", "files"))
                                    .isZero();
                            assertThat(count(member, "camure.listener.dropped", "group", "files"))
                                    .isZero();
                            assertThat(handled(member, "success")).isZero();
                            assertThat(handled(member, "failure")).isZero();
                            for (String message : List.of("good", "bad", "good")) {
                                coordinator.getBean(BroadcastGroup.class).send(message.getBytes());
                            }
                            await().atMost(TestSession.SOON).untilAsserted(() -> {
                                assertThat(handled(member, "success")).isEqualTo(2);
                                assertThat(handled(member, "failure")).isOne();
                            });
                            assertThat(count(
                                            coordinator,
                                            "camure.broadcast.messages",
                                            "group",
                                            "files",
                                            "direction",
                                            "sent"))
                                    .isEqualTo(3);
                            assertThat(count(
                                            member,
                                            "camure.broadcast.messages",
                                            "group",
                                            "files",
                                            "direction",
                                            "received"))
                                    .isEqualTo(3);
                            assertThat(count(member, "camure.broadcast.bytes", "direction", "received"))
                                    .isEqualTo(11);
                            assertThat(count(coordinator, "camure.broadcast.bytes", "direction", "sent"))
                                    .isEqualTo(11);
                            assertThat(gauge(coordinator, "camure.broadcast.window.size", "files"))
                                    .isEqualTo(512);
                            assertThat(gauge(member, "camure.broadcast.window.used", "files"))
                                    .isZero();
                        }));
    }

    private static long handled(ApplicationContext context, String result) {
        return registry(context)
                .get("camure.listener")
                .tags("group", "files", "result", result)
                .timer()
                .count();
    }

    @Test
    void metersCountOnWhenTheSessionIsStoppedAndStarted() {
        metered(TestSession.coordinator())
                .run(coordinator -> metered(TestSession.memberOf(coordinator))
                        .withBean(Listener.class)
                        .run(member -> {
                            coordinator.getBean(BroadcastGroup.class).send("good".getBytes());
                            meet(coordinator, member);
                            await().atMost(TestSession.SOON)
                                    .untilAsserted(() -> assertThat(handled(member, "success"))
                                            .isOne());
                            double datagrams = count(member, "camure.datagrams", "direction", "received");
                            assertThat(datagrams).isPositive();

                            member.getSourceApplicationContext().stop();
                            assertThat(count(member, "camure.datagrams", "direction", "received"))
                                    .isGreaterThanOrEqualTo(datagrams);
                            assertThat(count(member, "camure.broadcast.messages", "direction", "received"))
                                    .isOne();
                            member.getSourceApplicationContext().start();
                            coordinator.getBean(BroadcastGroup.class).send("good".getBytes());
                            meet(coordinator, member);

                            await().atMost(TestSession.SOON)
                                    .untilAsserted(() -> assertThat(handled(member, "success"))
                                            .isEqualTo(2));
                            assertThat(count(member, "camure.broadcast.messages", "direction", "received"))
                                    .isEqualTo(2);
                            assertThat(count(member, "camure.datagrams", "direction", "received"))
                                    .isGreaterThan(datagrams);
                            assertThat(rounds(member, "start-line", "completed").count())
                                    .isEqualTo(2);
                        }));
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
    void anApplicationWithoutASessionHasNoMeters() {
        metered(TestSession.application())
                .run(context -> assertThat(registry(context).getMeters())
                        .noneMatch(meter -> meter.getId().getName().startsWith("camure.")));
    }
}
