package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.Barrier;
import io.camure.BroadcastGroup;
import io.camure.CoordinatorBarrier;
import io.camure.Round;
import io.camure.RoundBrokenException;
import io.camure.spring.CamureListener;
import io.camure.spring.RoundBrokenEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;

/** Applications that end, pause and go on while others meet and send. */
@ExtendWith(OutputCaptureExtension.class)
class GracefulShutdownTest {

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    /** A web server that drains its requests, one of which still has to pass a barrier. */
    static class Draining implements SmartLifecycle {

        private final Barrier startLine;
        private boolean running;
        volatile @Nullable Round passed;

        Draining(Barrier startLine) {
            this.startLine = startLine;
        }

        @Override
        public void start() {
            running = true;
        }

        @Override
        public void stop() {
            try {
                passed = startLine.await(TestSession.SOON);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            running = false;
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        /** That of Boot's web servers. */
        @Override
        public int getPhase() {
            return Integer.MAX_VALUE - 2048;
        }
    }

    @Test
    void requestsThatAreDrainedStillPassBarriers() {
        TestSession.coordinator().run(coordinator -> {
            CompletableFuture<Round> there =
                    coordinator.getBean("start-line", CoordinatorBarrier.class).awaitAsync();
            Draining[] draining = new Draining[1];
            TestSession.memberOf(coordinator)
                    .withBean(Draining.class)
                    .run(member -> draining[0] = member.getBean(Draining.class));
            assertThat(there).succeedsWithin(TestSession.SOON);
            assertThat(draining[0].passed).isNotNull();
        });
    }

    @Test
    void aMemberThatEndsBreaksNoRound() {
        TestSession.coordinator()
                .withPropertyValues("camure.groups.start-line.on-member-loss=break")
                .run(coordinator -> TestSession.memberOf(coordinator).run(stays -> {
                    CoordinatorBarrier startLine = coordinator.getBean("start-line", CoordinatorBarrier.class);
                    CompletableFuture<Round> here = startLine.awaitAsync();
                    CompletableFuture<Round> there = new CompletableFuture<>();
                    TestSession.memberOf(coordinator).run(ends -> {
                        startLine.awaitMembers(2, TestSession.SOON);
                        stays.getBean("start-line", Barrier.class).awaitAsync().whenComplete((round, failure) -> {
                            if (failure == null) {
                                there.complete(round);
                            } else {
                                there.completeExceptionally(failure);
                            }
                        });
                    });
                    assertThat(here).succeedsWithin(TestSession.SOON);
                    assertThat(there).succeedsWithin(TestSession.SOON);
                }));
    }

    static class Witness {
        final List<RoundBrokenEvent> events = new CopyOnWriteArrayList<>();

        @EventListener
        void on(RoundBrokenEvent event) {
            events.add(event);
        }
    }

    @Test
    void aBrokenRoundIsToldOnceToEachApplication() {
        TestSession.coordinator()
                .withBean(Witness.class)
                .run(coordinator -> TestSession.memberOf(coordinator)
                        .withBean(Witness.class)
                        .run(member -> {
                            CoordinatorBarrier startLine = coordinator.getBean("start-line", CoordinatorBarrier.class);
                            startLine.awaitMembers(1, TestSession.SOON);
                            Barrier atMember = member.getBean("start-line", Barrier.class);
                            CompletableFuture<Round> first = atMember.awaitAsync();
                            CompletableFuture<Round> second = atMember.awaitAsync();
                            // Who has arrived is known when a round can be broken at all.
                            await().atMost(TestSession.SOON).until(() -> {
                                startLine.reset();
                                return first.isDone() && second.isDone();
                            });
                            assertThat(first)
                                    .failsWithin(TestSession.SOON)
                                    .withThrowableThat()
                                    .withCauseInstanceOf(RoundBrokenException.class);
                            Witness witness = member.getBean(Witness.class);
                            await().atMost(TestSession.SOON)
                                    .untilAsserted(() -> assertThat(witness.events)
                                            .singleElement()
                                            .satisfies(event -> {
                                                assertThat(event.session()).isEqualTo("default");
                                                assertThat(event.node()).isEqualTo("member");
                                                assertThat(event.group()).isEqualTo("start-line");
                                                assertThat(event.cause().reason())
                                                        .isEqualTo(RoundBrokenException.Reason.RESET);
                                            }));
                            assertThat(coordinator.getBean(Witness.class).events)
                                    .isEmpty();
                        }));
    }

    static class Stubborn {

        final CountDownLatch called = new CountDownLatch(1);
        final CountDownLatch interrupted = new CountDownLatch(1);

        @CamureListener("files")
        void on(String content) throws InterruptedException {
            called.countDown();
            try {
                new CountDownLatch(1).await();
            } finally {
                interrupted.countDown();
            }
        }
    }

    @Test
    void aListenerThatDoesNotEndIsInterruptedAfterTheTimeOfThePhase(CapturedOutput output) throws InterruptedException {
        Stubborn listener = new Stubborn();
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator)
                        .withConfiguration(AutoConfigurations.of(LifecycleAutoConfiguration.class))
                        .withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=100ms")
                        .withBean(Stubborn.class, () -> listener)
                        .run(member -> {
                            coordinator.getBean(BroadcastGroup.class).send("hello".getBytes());
                            assertThat(listener.called.await(TestSession.SOON.toSeconds(), TimeUnit.SECONDS))
                                    .isTrue();
                        }));
        assertThat(listener.interrupted.await(TestSession.SOON.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        await().atMost(TestSession.SOON)
                .untilAsserted(() -> assertThat(output)
                        .contains("WARN", "Stubborn.on had not finished a message when the application closed"));
        assertThat(output).doesNotContain("ERROR");
    }

    static class Counting {
        final List<String> received = new CopyOnWriteArrayList<>();

        @CamureListener("files")
        void on(String content) {
            received.add(content);
        }
    }

    @Test
    void aTestContextThatIsPausedAndRestartedGoesOn() {
        ApplicationContextRunner runner = TestSession.coordinator();
        runner.run(coordinator -> TestSession.memberOf(coordinator)
                .withBean(Counting.class)
                .run(member -> {
                    ConfigurableApplicationContext paused = member.getSourceApplicationContext();
                    BroadcastGroup files = coordinator.getBean(BroadcastGroup.class);
                    List<String> received = member.getBean(Counting.class).received;
                    for (int i = 0; i < 2; i++) {
                        files.awaitMembers(1, TestSession.SOON);
                        files.send("hello".getBytes());
                        files.flush(Duration.ofSeconds(30));
                        int count = i + 1;
                        await().atMost(TestSession.SOON)
                                .untilAsserted(() -> assertThat(received).hasSize(count));
                        paused.pause();
                        await().atMost(TestSession.SOON)
                                .untilAsserted(() -> assertThat(files.members()).isEmpty());
                        paused.restart();
                    }
                }));
    }
}
