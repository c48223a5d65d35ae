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
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
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
                            "camure.group.members",
                            "camure.broadcast.messages",
                            "camure.broadcast.slow.members",
                            "camure.datagrams",
                            "camure.datagrams.dropped",
                            "camure.retransmissions");
            assertThat(meters).allSatisfy(meter -> {
                assertThat(meter.getId().getDescription()).isNotBlank();
                assertThat(meter.getId().getBaseUnit()).isNotBlank();
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
                    }
                    assertThat(registry(coordinator)
                                    .get("camure.group.members")
                                    .tag("group", "start-line")
                                    .gauge()
                                    .value())
                            .isOne();
                }));
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
                            for (String message : List.of("good", "bad", "good")) {
                                coordinator.getBean(BroadcastGroup.class).send(message.getBytes());
                            }
                            await().atMost(TestSession.SOON).untilAsserted(() -> {
                                assertThat(handled(member, "success", "none")).isEqualTo(2);
                                assertThat(handled(member, "failure", "IllegalArgumentException"))
                                        .isOne();
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
                        }));
    }

    private static long handled(ApplicationContext context, String result, String exception) {
        return registry(context)
                .get("camure.listener")
                .tags("group", "files", "result", result, "exception", exception)
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
                                    .untilAsserted(() -> assertThat(handled(member, "success", "none"))
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
                                    .untilAsserted(() -> assertThat(handled(member, "success", "none"))
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
