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
import io.camure.Member;
import io.camure.spring.CamureEvent;
import io.camure.spring.CamureListener;
import io.camure.spring.CoordinatorLostEvent;
import io.camure.spring.CoordinatorRegainedEvent;
import io.camure.spring.GroupLostEvent;
import io.camure.spring.GroupRegainedEvent;
import io.camure.spring.MemberJoinedEvent;
import io.camure.spring.MemberLeftEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.EventListener;

/** Members that have lost their coordinator or a group, and go back in by themselves. */
class RejoinTest {

    private final int port = TestSession.freePort();

    static class Witness {
        final List<CamureEvent> events = new CopyOnWriteArrayList<>();
        final List<String> received = new CopyOnWriteArrayList<>();

        @EventListener
        void on(CamureEvent event) {
            events.add(event);
        }
    }

    static class ListeningWitness extends Witness {
        @CamureListener(group = "files")
        void onFile(String file) {
            received.add(file);
        }
    }

    private ApplicationContextRunner member() {
        return TestSession.member(port)
                .withUserConfiguration(ListeningWitness.class)
                .withPropertyValues(
                        "camure.member.coordinator-timeout=4s",
                        "camure.member.rejoin.initial-interval=20ms",
                        "camure.member.startup=background");
    }

    private static void useGroups(ApplicationContext coordinator, ApplicationContext member, String file)
            throws Exception {
        for (String group : List.of("start-line", "finish", "files")) {
            coordinator.getBean(group, CoordinatorGroup.class).awaitMembers(1, TestSession.SOON);
        }
        CompletableFuture<?> there =
                coordinator.getBean("start-line", CoordinatorBarrier.class).awaitAsync();
        // The coordinator may have let it in before the session of before is taken from the bean.
        await().atMost(TestSession.SOON)
                .untilAsserted(() -> assertThat(
                                member.getBean("start-line", Barrier.class).isOpen())
                        .isTrue());
        member.getBean("start-line", Barrier.class).await(TestSession.SOON);
        assertThat(there).succeedsWithin(TestSession.SOON);
        coordinator.getBean("files", BroadcastGroup.class).send(file.getBytes());
        await().atMost(TestSession.SOON)
                .untilAsserted(
                        () -> assertThat(member.getBean(Witness.class).received).contains(file));
    }

    /** Whoever still tries to join something would wait for a time. */
    private static void assertNothingIsToBeDone() {
        await().atMost(TestSession.SOON)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .filteredOn(thread -> thread.getName().equals("camure-member-join"))
                        .singleElement()
                        .extracting(Thread::getState)
                        .isEqualTo(Thread.State.WAITING));
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
            Witness witness = member.getBean(Witness.class);
            TestSession.coordinator(port).run(first -> useGroups(first, member, "first"));
            await().atMost(TestSession.SOON)
                    .untilAsserted(() -> assertThat(witness.events)
                            // The groups were closed before.
                            .filteredOn(event -> !(event instanceof GroupLostEvent))
                            .singleElement()
                            .isInstanceOfSatisfying(CoordinatorLostEvent.class, lost -> {
                                assertThat(lost.coordinator().getPort()).isEqualTo(port);
                                assertThat(lost.cause())
                                        .isInstanceOfSatisfying(
                                                DisconnectedException.class,
                                                cause -> assertThat(cause.reason())
                                                        .isEqualTo(DisconnectedException.Reason.COORDINATOR_LOST));
                            }));
            assertThat(health(member, "start-line")).isEqualTo(Status.DOWN);
            TestSession.coordinator(port).run(second -> {
                useGroups(second, member, "second");
                await().atMost(TestSession.SOON)
                        .untilAsserted(
                                () -> assertThat(witness.events).last().isInstanceOf(CoordinatorRegainedEvent.class));
                assertThat(health(member, "start-line")).isEqualTo(Status.UP);
                assertNothingIsToBeDone();
            });
            assertThat(witness.received).containsExactly("first", "second");
        });
    }

    @Test
    void aGroupThatIsCreatedAnewIsJoinedAgainWhileTheOthersStay() {
        TestSession.coordinatorWithoutGroups(port).run(context -> {
            Coordinator coordinator = context.getBean(Coordinator.class);
            coordinator.createBarrier(GroupConfig.defaults().id(0));
            CoordinatorBarrier finish =
                    coordinator.createBarrier(GroupConfig.defaults().id(7));
            BroadcastGroup files =
                    coordinator.createBroadcast(GroupConfig.defaults().id(1));
            member().run(member -> {
                finish.awaitMembers(1, TestSession.SOON);
                files.awaitMembers(1, TestSession.SOON);
                // Or it finds that it is out before it has found that it was in.
                await().atMost(TestSession.SOON).until(member.getBean("files", BroadcastReceiver.class)::isOpen);
                Member before = member.getBean(Member.class);
                String address = before.address().toString();
                files.close();
                BroadcastGroup again =
                        coordinator.createBroadcast(GroupConfig.defaults().id(1));
                again.awaitMembers(1, TestSession.SOON);
                again.send("again".getBytes());

                await().atMost(TestSession.SOON)
                        .untilAsserted(() -> assertThat(member.getBean(Witness.class).received)
                                .containsExactly("again"));
                assertThat(finish.members()).hasSize(1);
                assertThat(member.getBean(Member.class).address()).hasToString(address);
                await().atMost(TestSession.SOON)
                        .untilAsserted(() ->
                                assertThat(member.getBean(Witness.class).events).hasSize(2));
                assertThat(member.getBean(Witness.class).events)
                        .first()
                        .isInstanceOfSatisfying(GroupLostEvent.class, lost -> {
                            assertThat(lost.group()).isEqualTo("files");
                            assertThat(((DisconnectedException) lost.cause()).reason())
                                    .isEqualTo(DisconnectedException.Reason.GROUP_CLOSED);
                        });
                assertThat(member.getBean(Witness.class).events)
                        .last()
                        .isInstanceOfSatisfying(GroupRegainedEvent.class, regained -> {
                            assertThat(regained.group()).isEqualTo("files");
                            assertThat(regained.outage()).isPositive();
                        });
            });
        });
    }

    @Test
    void aGroupThatIsGoneKeepsNoOtherFromBeingJoinedAgain() {
        TestSession.coordinatorWithoutGroups(port).run(context -> {
            Coordinator coordinator = context.getBean(Coordinator.class);
            CoordinatorBarrier startLine =
                    coordinator.createBarrier(GroupConfig.defaults().id(0));
            coordinator.createBarrier(GroupConfig.defaults().id(7));
            BroadcastGroup files =
                    coordinator.createBroadcast(GroupConfig.defaults().id(1));
            member().withPropertyValues("camure.member.join-timeout=100ms").run(member -> {
                startLine.awaitMembers(1, TestSession.SOON);
                files.awaitMembers(1, TestSession.SOON);
                startLine.close();
                files.close();
                BroadcastGroup again =
                        coordinator.createBroadcast(GroupConfig.defaults().id(1));
                again.awaitMembers(1, TestSession.SOON);
                coordinator.createBarrier(GroupConfig.defaults().id(0)).awaitMembers(1, TestSession.SOON);
            });
        });
    }

    @Test
    void aGroupThatIsNotThereYetKeepsNoOtherFromBeingJoined() {
        TestSession.coordinatorWithoutGroups(port).run(context -> {
            Coordinator coordinator = context.getBean(Coordinator.class);
            BroadcastGroup files =
                    coordinator.createBroadcast(GroupConfig.defaults().id(1));
            member().withPropertyValues("camure.member.join-timeout=100ms")
                    .run(member -> files.awaitMembers(1, TestSession.SOON));
        });
    }

    @Test
    void rejoiningCanBeTurnedOff() {
        member().withPropertyValues("camure.member.rejoin.enabled=false").run(member -> {
            TestSession.coordinator(port).run(first -> useGroups(first, member, "first"));
            Barrier startLine = member.getBean("start-line", Barrier.class);
            await().atMost(TestSession.SOON)
                    .untilAsserted(() -> assertThat(startLine.isOpen()).isFalse());
            await().atMost(TestSession.SOON)
                    .untilAsserted(() -> assertThat(TestSession.threads()).doesNotContain("camure-member-join"));
            assertThat(member.getBean(Witness.class).events)
                    .extracting(event -> event.getClass().getSimpleName())
                    .containsExactly("GroupLostEvent", "GroupLostEvent", "GroupLostEvent", "CoordinatorLostEvent");
        });
    }

    @Test
    void theCoordinatorsApplicationIsToldWhoComesAndGoes() {
        TestSession.coordinator(port).withBean(Witness.class).run(coordinator -> {
            Witness witness = coordinator.getBean(Witness.class);
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
