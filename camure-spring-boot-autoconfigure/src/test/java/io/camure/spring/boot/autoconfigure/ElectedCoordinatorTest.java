package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.Barrier;
import io.camure.Delivery;
import io.camure.DisconnectedException;
import io.camure.Member;
import io.camure.Round;
import io.camure.spring.BroadcastSender;
import io.camure.spring.CamureGroups;
import io.camure.spring.CamureListener;
import io.camure.spring.CamureTemplate;
import io.camure.spring.CoordinatorChangedEvent;
import io.camure.spring.CoordinatorLeaseEndedEvent;
import io.camure.spring.NotCoordinatorException;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureEndpoint;
import io.camure.spring.election.CoordinatorElection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.EventListener;

/** Equal instances of one application, of which one is elected as coordinator. */
class ElectedCoordinatorTest {

    private static final int INSTANCES = 3;

    private final ScriptedElection election = new ScriptedElection();

    static class Application {
        final List<CoordinatorChangedEvent> changes = new CopyOnWriteArrayList<>();
        final List<CoordinatorLeaseEndedEvent> ended = new CopyOnWriteArrayList<>();
        final List<String> received = new CopyOnWriteArrayList<>();

        @EventListener
        void on(CoordinatorLeaseEndedEvent end) {
            ended.add(end);
        }

        @EventListener
        void on(CoordinatorChangedEvent change) {
            changes.add(change);
        }

        final List<String> asCoordinator = new CopyOnWriteArrayList<>();
        final List<String> asOther = new CopyOnWriteArrayList<>();

        @CamureListener(group = "files", id = "files-coordinator", role = "coordinator")
        void onFileAsCoordinator(String file) {
            asCoordinator.add(file);
        }

        @CamureListener(group = "files", id = "files-other", role = "member")
        void onFileAsOther(String file) {
            asOther.add(file);
        }

        @CamureListener(group = "files", role = "any")
        void onFile(String file) {
            received.add(file);
        }
    }

    private interface Scenario {

        void run(List<AssertableApplicationContext> instances) throws Exception;
    }

    static ApplicationContextRunner instance(String name) {
        return TestSession.application()
                .withBean(Application.class)
                .withPropertyValues(
                        "spring.jmx.enabled=true",
                        "management.endpoints.jmx.exposure.include=camure",
                        "camure.role=auto",
                        "camure.name=" + name,
                        "camure.coordinator.bind-address=127.0.0.1:0",
                        "camure.member.rejoin.initial-interval=100ms",
                        "camure.member.coordinator-timeout=2s",
                        "camure.groups.start-line.type=barrier",
                        "camure.groups.start-line.expected-members=" + INSTANCES,
                        "camure.groups.files.type=broadcast",
                        "camure.groups.files.payload-type=java.lang.String",
                        "camure.groups.files.expected-members=" + INSTANCES);
    }

    /** Instances 0, 1 and 2, of which 0 is elected first. */
    private void run(Scenario scenario) {
        run(new ArrayList<>(), scenario);
    }

    private void run(List<AssertableApplicationContext> running, Scenario scenario) {
        String name = "instance-" + running.size();
        instance(name)
                .withBean(CoordinatorElection.class, () -> election)
                .withPropertyValues("camure.member.startup=background")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    running.add(context);
                    if (running.size() == 1) {
                        election.elect(name);
                    }
                    if (running.size() < INSTANCES) {
                        run(running, scenario);
                    } else {
                        scenario.run(running);
                    }
                });
    }

    @AfterEach
    void noThreadIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    static List<Round> meet(List<? extends ApplicationContext> instances) throws Exception {
        for (ApplicationContext instance : instances) {
            await().atMost(TestSession.SOON).until(instance.getBean(Barrier.class)::isOpen);
        }
        List<CompletableFuture<Round>> arrivals = instances.stream()
                .map(instance -> instance.getBean(Barrier.class).awaitAsync())
                .toList();
        List<Round> rounds = new ArrayList<>();
        for (CompletableFuture<Round> arrival : arrivals) {
            rounds.add(arrival.get(TestSession.SOON.toSeconds(), TimeUnit.SECONDS));
        }
        return rounds;
    }

    static boolean coordinates(ApplicationContext instance) {
        return instance.getBean(CamureGroups.class).isCoordinator("files");
    }

    static void assertSends(ApplicationContext from, List<? extends ApplicationContext> to, String text)
            throws Exception {
        Delivery delivery =
                from.getBean(CamureTemplate.class).send("files", text).get(30, TimeUnit.SECONDS);
        assertThat(delivery.nodes()).hasSize(to.size());
        for (ApplicationContext instance : to) {
            await().atMost(TestSession.SOON)
                    .untilAsserted(() -> assertThat(instance.getBean(Application.class).received)
                            .contains(text));
        }
    }

    @Test
    void participantsAreTheInstances() {
        run(instances -> {
            assertThat(meet(instances)).allSatisfy(round -> {
                assertThat(round.number()).isZero();
                assertThat(round.term()).isOne();
                assertThat(round.size()).isEqualTo(INSTANCES);
            });
            assertThat(instances)
                    .extracting(ElectedCoordinatorTest::coordinates)
                    .containsExactly(true, false, false);
            assertThat(instances)
                    .extracting(instance -> instance.getBean(CamureEndpoint.class)
                            .camure()
                            .sessions()
                            .get(0)
                            .coordinator())
                    .allSatisfy(coordinator -> {
                        assertThat(coordinator.name()).isEqualTo("instance-0");
                        assertThat(coordinator.term()).isOne();
                    })
                    .extracting(CamureDescriptor.CoordinatorDescriptor::here)
                    .containsExactly(true, false, false);
            assertSends(instances.get(0), instances, "one");
        });
    }

    @Test
    void listenersOfARoleListenWhileTheNodeHasIt() {
        run(instances -> {
            meet(instances);
            assertSends(instances.get(0), instances, "one");
            election.revoke("instance-0");
            election.elect("instance-1");
            meet(instances);
            assertSends(instances.get(1), instances, "two");

            await().atMost(TestSession.SOON).untilAsserted(() -> {
                assertThat(instances)
                        .extracting(instance -> instance.getBean(Application.class).asCoordinator)
                        .containsExactly(List.of("one"), List.of("two"), List.of());
                assertThat(instances)
                        .extracting(instance -> instance.getBean(Application.class).asOther)
                        .containsExactly(List.of("two"), List.of("one"), List.of("one", "two"));
            });
        });
    }

    @Test
    @SuppressWarnings("unchecked")
    void whoDoesNotCoordinateCanNotSendAndLearnsWhoDoes() {
        run(instances -> {
            meet(instances);
            AssertableApplicationContext other = instances.get(1);
            CompletableFuture<Delivery> refused =
                    other.getBean(CamureTemplate.class).send("files", "one");
            assertThat(refused)
                    .failsWithin(TestSession.SOON)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(NotCoordinatorException.class)
                    .havingCause()
                    .satisfies(cause -> {
                        NotCoordinatorException why = (NotCoordinatorException) cause;
                        assertThat(why.coordinator().orElseThrow().name()).isEqualTo("instance-0");
                        assertThat(why.since()).isPresent();
                        assertThat(why)
                                .hasMessageContaining("broadcast 'files'")
                                .hasMessageContaining("instance-0");
                    });
            assertThat(other.getBean(BroadcastSender.class).send("two")).isCompletedExceptionally();
            assertThat(instances.get(0).getBean(BroadcastSender.class).send("three"))
                    .succeedsWithin(TestSession.SOON);
        });
    }

    @Test
    void theNextOneGoesOnInTheNextTerm() {
        run(instances -> {
            meet(instances);
            assertSends(instances.get(0), instances, "one");
            CompletableFuture<Round> inProgress =
                    instances.get(2).getBean(Barrier.class).awaitAsync();

            election.revoke("instance-0");
            assertThat(inProgress)
                    .failsWithin(TestSession.SOON)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(DisconnectedException.class)
                    .havingCause()
                    .satisfies(cause -> assertThat(((DisconnectedException) cause).reason())
                            .isEqualTo(DisconnectedException.Reason.COORDINATOR_LOST));
            election.elect("instance-1");

            await().atMost(TestSession.SOON)
                    .untilAsserted(() -> assertThat(instances)
                            .allSatisfy(instance -> assertThat(instance.getBean(Application.class).changes)
                                    .hasSize(2)));
            assertThat(meet(instances)).allSatisfy(round -> {
                assertThat(round.number()).isZero();
                assertThat(round.term()).isEqualTo(2);
            });
            assertThat(instances)
                    .extracting(ElectedCoordinatorTest::coordinates)
                    .containsExactly(false, true, false);
            assertSends(instances.get(1), instances, "two");
            assertThat(instances).allSatisfy(instance -> {
                assertThat(instance.getBean(Application.class).received).containsExactly("one", "two");
                assertThat(instance.getBean(Application.class).changes.get(0)).satisfies(change -> {
                    assertThat(change.from()).isNull();
                    assertThat(change.to().name()).isEqualTo("instance-0");
                    assertThat(change.term()).isOne();
                    assertThat(change.outage()).isZero();
                });
                assertThat(instance.getBean(Application.class).changes.get(1)).satisfies(change -> {
                    assertThat(change.from().name()).isEqualTo("instance-0");
                    assertThat(change.to().name()).isEqualTo("instance-1");
                    assertThat(change.term()).isEqualTo(2);
                    assertThat(change.outage()).isPositive();
                });
            });
        });
    }

    @Test
    void whoseLeaseIsOverStopsByItself() {
        run(instances -> {
            meet(instances);
            election.leaseEnd = System.nanoTime();

            assertThat(coordinates(instances.get(0))).isFalse();
            assertThat(instances.get(0).getBean(CamureTemplate.class).send("files", "late"))
                    .isCompletedExceptionally();
            await().atMost(TestSession.SOON)
                    .untilAsserted(() -> assertThat(instances.get(0).getBean(Application.class).ended)
                            .containsExactly(new CoordinatorLeaseEndedEvent("default", "instance-0", 1)));
            CamureEndpoint endpoint = instances.get(0).getBean(CamureEndpoint.class);
            await().atMost(TestSession.SOON)
                    .untilAsserted(() -> assertThat(endpoint.past("history").events())
                            .extracting(event -> event.kind())
                            .contains("lease-ended"));
            await().atMost(TestSession.SOON)
                    .until(() -> !instances.get(2).getBean(Member.class).isOpen());
            election.leaseEnd = Long.MAX_VALUE;
            election.elect("instance-2");
            assertThat(meet(instances))
                    .allSatisfy(round -> assertThat(round.term()).isEqualTo(2));
        });
    }

    /** What it still had to say it has said when another one can be elected. */
    @Test
    void whoIsClosedHandsOverFirst() {
        run(instances -> {
            meet(instances);
            long before = System.nanoTime();
            instances.get(0).getSourceApplicationContext().close();
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before))
                    .isLessThan(10_000);
            assertThat(election.ended).containsExactly("instance-0");
            assertThat(election.current()).isEmpty();
            for (AssertableApplicationContext other : instances.subList(1, INSTANCES)) {
                await().atMost(TestSession.SOON)
                        .untilAsserted(
                                () -> assertThat(other.getBean(Member.class).loss())
                                        .hasValueSatisfying(loss ->
                                                assertThat(loss.cause()).hasMessageContaining("has handed over")));
            }
        });
    }
}
