package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.Barrier;
import io.camure.BroadcastGroup;
import io.camure.BroadcastReceiver;
import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.CoordinatorGroup;
import io.camure.DisconnectedException;
import io.camure.GroupConfig;
import io.camure.spring.CamureEvent;
import io.camure.spring.CoordinatorLostEvent;
import io.camure.spring.CoordinatorRegainedEvent;
import io.camure.spring.GroupLostEvent;
import io.camure.spring.MemberJoinedEvent;
import io.camure.spring.MemberLeftEvent;
import io.camure.spring.RoundBrokenEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.EventListener;

/** Members that have lost their coordinator, and go back in by themselves. */
class RejoinTest {

    private final int port = TestSession.freePort();

    /** What a platform knows of the coordinator, and how often it was asked. */
    static class Whereabouts implements CamureConnectionDetails {
        final AtomicInteger asked = new AtomicInteger();
        volatile int port;

        @Override
        public String getCoordinatorAddress(String session) {
            asked.incrementAndGet();
            return "127.0.0.1:" + port;
        }
    }

    static class Dawdler {
        final CountDownLatch busy = new CountDownLatch(1);

        @EventListener
        void on(CoordinatorLostEvent lost) throws InterruptedException {
            busy.await();
        }
    }

    private ApplicationContextRunner member() {
        return RejoinWitness.member(port);
    }

    private static void useGroups(ApplicationContext coordinator, ApplicationContext member, String file)
            throws Exception {
        for (String group : List.of("start-line", "finish", "files")) {
            coordinator.getBean(group, CoordinatorGroup.class).awaitMembers(1, TestSession.SOON);
        }
        CompletableFuture<?> there =
                coordinator.getBean("start-line", CoordinatorBarrier.class).awaitAsync();
        awaitOpen(member, "start-line");
        member.getBean("start-line", Barrier.class).await(TestSession.SOON);
        assertThat(there).succeedsWithin(TestSession.SOON);
        coordinator.getBean("files", BroadcastGroup.class).send(file.getBytes());
        await().atMost(TestSession.SOON)
                .untilAsserted(() ->
                        assertThat(member.getBean(RejoinWitness.class).received).contains(file));
    }

    /** The coordinator may have let it in before it knows that itself. */
    private static void awaitOpen(ApplicationContext member, String barrier) {
        await().atMost(TestSession.SOON).until(member.getBean(barrier, Barrier.class)::isOpen);
    }

    private static <E extends CamureEvent> E awaitEvent(ApplicationContext context, Class<E> type) {
        List<CamureEvent> events = context.getBean(RejoinWitness.class).events;
        await().atMost(TestSession.SOON)
                .untilAsserted(() -> assertThat(events).last().isInstanceOf(type));
        return type.cast(events.get(events.size() - 1));
    }

    /** There are threads for that. */
    private static void assertNothingIsToBeDone() {
        await().atMost(TestSession.SOON)
                .untilAsserted(() ->
                        assertThat(TestSession.threads()).doesNotContain("camure-member-join", "camure-member-rejoin"));
    }

    private static Status health(ApplicationContext context, String group) {
        return ((HealthIndicator) context.getBean("camureHealthContributor", CompositeHealthContributor.class)
                        .getContributor(group))
                .health()
                .getStatus();
    }

    @Test
    void groupsAndListenersGoOnWithTheNextCoordinator() {
        member().run(member -> {
            RejoinWitness witness = member.getBean(RejoinWitness.class);
            TestSession.coordinator(port).run(first -> useGroups(first, member, "first"));
            await().atMost(TestSession.SOON)
                    .untilAsserted(() -> assertThat(witness.events)
                            // The groups were closed before.
                            .filteredOn(event -> !(event instanceof GroupLostEvent))
                            .singleElement()
                            .isInstanceOfSatisfying(CoordinatorLostEvent.class, lost -> {
                                assertThat(lost.coordinator().address().getPort())
                                        .isEqualTo(port);
                                assertThat(lost.cause())
                                        .isInstanceOfSatisfying(
                                                DisconnectedException.class,
                                                cause -> assertThat(cause.reason())
                                                        .isEqualTo(DisconnectedException.Reason.COORDINATOR_LOST));
                            }));
            assertThat(health(member, "start-line")).isEqualTo(Status.DOWN);
            TestSession.coordinator(port).run(second -> {
                useGroups(second, member, "second");
                awaitEvent(member, CoordinatorRegainedEvent.class);
                assertThat(health(member, "start-line")).isEqualTo(Status.UP);
                assertNothingIsToBeDone();
            });
            assertThat(witness.received).containsExactly("first", "second");
            assertThat(witness.sequence).containsExactly(1L, 2L);
        });
    }

    /** Far from the bound, which one try keeps, as this machine may be slow. */
    @Test
    void aCoordinatorThatIsElsewhereIsFoundSoonByOneOfTheFirstTries() {
        int elsewhere = TestSession.freePort();
        Whereabouts whereabouts = new Whereabouts();
        whereabouts.port = port;
        member().withBean(CamureConnectionDetails.class, () -> whereabouts).run(member -> {
            TestSession.coordinator(elsewhere).run(second -> {
                TestSession.coordinator(port).run(first -> {
                    useGroups(first, member, "first");
                    whereabouts.port = elsewhere;
                    whereabouts.asked.set(0);
                });
                long gapNanos = System.nanoTime();
                useGroups(second, member, "second");

                CoordinatorRegainedEvent regained = awaitEvent(member, CoordinatorRegainedEvent.class);
                assertThat(regained.coordinator().address().getPort()).isEqualTo(elsewhere);
                assertThat(Duration.ofNanos(System.nanoTime() - gapNanos)).isLessThan(Duration.ofSeconds(12));
                assertThat(whereabouts.asked.get()).isBetween(1, 3);
            });
        });
    }

    @Test
    void theCoordinatorIsRegainedWithTheLastGroupThatWasNotLeftMeanwhile() {
        member().run(member -> {
            TestSession.coordinator(port).run(first -> useGroups(first, member, "first"));
            awaitEvent(member, CoordinatorLostEvent.class);
            TestSession.coordinatorWithoutGroups(port).run(context -> {
                Coordinator coordinator = context.getBean(Coordinator.class);
                coordinator.createBarrier(GroupConfig.builder().id(0).build());
                coordinator.createBroadcast(GroupConfig.builder().id(1).build()).awaitMembers(1, TestSession.SOON);
                awaitOpen(member, "start-line");
                await().atMost(TestSession.SOON).until(member.getBean(BroadcastReceiver.class)::isOpen);
                assertThat(member.getBean(RejoinWitness.class).events).last().isInstanceOf(CoordinatorLostEvent.class);

                member.getBean("finish", Barrier.class).close();

                awaitEvent(member, CoordinatorRegainedEvent.class);
                assertNothingIsToBeDone();
                assertThat(health(member, "finish")).isEqualTo(Status.DOWN);
                assertThat(health(member, "start-line")).isEqualTo(Status.UP);
            });
        });
    }

    @Test
    void whoIsSlowToTakeNoteOfALossKeepsNobodyFromGoingOn() {
        TestSession.metered(member()).withBean(Dawdler.class).run(member -> {
            TestSession.coordinator(port).run(first -> useGroups(first, member, "first"));
            TestSession.coordinator(port).run(second -> {
                second.getBean("start-line", CoordinatorBarrier.class).awaitMembers(1, TestSession.SOON);
                awaitOpen(member, "start-line");
                TestSession.meet(second, member);
                assertThat(TestMeters.rounds(member, "start-line", "completed").count())
                        .isEqualTo(2);
                member.getBean(Dawdler.class).busy.countDown();
                awaitEvent(member, CoordinatorRegainedEvent.class);
            });
        });
    }

    /** With the number of one before, as each coordinator counts from the beginning. */
    @Test
    void aRoundThatBreaksAfterALossIsToldLikeAnyOther() {
        member().run(member -> {
            List<CamureEvent> events = member.getBean(RejoinWitness.class).events;
            for (int told = 1; told <= 2; told++) {
                int broken = told;
                TestSession.coordinator(port).run(coordinator -> {
                    CoordinatorBarrier there = coordinator.getBean("start-line", CoordinatorBarrier.class);
                    there.awaitMembers(1, TestSession.SOON);
                    awaitOpen(member, "start-line");
                    CompletableFuture<?> here =
                            member.getBean("start-line", Barrier.class).awaitAsync();
                    // Who has arrived is known when a round can be broken at all.
                    await().atMost(TestSession.SOON).until(() -> {
                        there.reset();
                        return here.isDone();
                    });
                    await().atMost(TestSession.SOON)
                            .untilAsserted(() -> assertThat(events)
                                    .filteredOn(RoundBrokenEvent.class::isInstance)
                                    .extracting(event ->
                                            ((RoundBrokenEvent) event).cause().round())
                                    .hasSize(broken)
                                    .containsOnly(0L));
                });
            }
        });
    }

    @Test
    void rejoiningCanBeTurnedOff() {
        member().withPropertyValues("camure.member.rejoin.enabled=false").run(member -> {
            TestSession.coordinator(port).run(first -> useGroups(first, member, "first"));
            Barrier startLine = member.getBean("start-line", Barrier.class);
            await().atMost(TestSession.SOON)
                    .untilAsserted(() -> assertThat(startLine.isOpen()).isFalse());
            awaitEvent(member, CoordinatorLostEvent.class);
            assertNothingIsToBeDone();
            assertThat(member.getBean(RejoinWitness.class).events)
                    .extracting(event -> event.getClass().getSimpleName())
                    .containsExactly("GroupLostEvent", "GroupLostEvent", "GroupLostEvent", "CoordinatorLostEvent");
        });
    }

    @Test
    void theCoordinatorsApplicationIsToldWhoComesAndGoes() {
        TestSession.coordinator(port).withBean(RejoinWitness.class).run(coordinator -> {
            RejoinWitness witness = coordinator.getBean(RejoinWitness.class);
            member().run(member -> useGroups(coordinator, member, "one"));

            await().atMost(TestSession.SOON)
                    .untilAsserted(() -> assertThat(witness.events)
                            .filteredOn(MemberLeftEvent.class::isInstance)
                            .hasSize(3));
            assertThat(witness.events)
                    .filteredOn(MemberJoinedEvent.class::isInstance)
                    .extracting(event -> ((MemberJoinedEvent) event).group())
                    .containsExactlyInAnyOrder("start-line", "finish", "files");
            assertThat(witness.events)
                    .filteredOn(MemberLeftEvent.class::isInstance)
                    .allSatisfy(event ->
                            assertThat(((MemberLeftEvent) event).reason()).isEqualTo(MemberLeftEvent.Reason.LEFT));
        });
    }
}
