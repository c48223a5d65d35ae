package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.camure.Barrier;
import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.Group;
import io.camure.GroupConfig;
import io.camure.GroupTypeMismatchException;
import io.camure.JoinTimeoutException;
import io.camure.Member;
import io.camure.spring.SessionNotRunningException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;

/** What a member does at start while it can't join. A start that does not end is a failure, too. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class StartupTest {

    private final int port = TestSession.freePort();

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    private ApplicationContextRunner member(String startup) {
        return TestSession.member(port)
                .withPropertyValues("camure.member.startup=" + startup, "camure.member.join-timeout=200ms");
    }

    private static void awaitJoining() {
        await().atMost(TestSession.SOON)
                .untilAsserted(() -> assertThat(TestSession.threads()).contains("camure-member-join"));
    }

    @Test
    void waitingHoldsTheStartBackUntilTheCoordinatorIsThere() throws Exception {
        CompletableFuture<Void> member = CompletableFuture.runAsync(() -> member("wait")
                .run(context ->
                        assertThat(context.getBean(Member.class).isOpen()).isTrue()));
        awaitJoining();
        assertThat(member).isNotDone();
        TestSession.coordinator(port).run(coordinator -> assertThat(member).succeedsWithin(TestSession.SOON));
    }

    @Test
    void waitingHoldsTheStartBackUntilTheGroupsAreThere() {
        TestSession.coordinatorWithoutGroups(port).run(context -> {
            Coordinator coordinator = context.getBean(Coordinator.class);
            CompletableFuture<Void> member = CompletableFuture.runAsync(() -> member("wait")
                    .run(joined -> assertThat(
                                    joined.getBean("finish", Barrier.class).isOpen())
                            .isTrue()));
            coordinator.createBarrier(GroupConfig.builder().id(0).build());
            coordinator.createBroadcast(GroupConfig.builder().id(1).build());
            await().atMost(TestSession.SOON)
                    .untilAsserted(() -> assertThat(coordinator.memberCount()).isOne());
            assertThat(member).isNotDone();
            coordinator.createBarrier(GroupConfig.builder().id(7).build());
            assertThat(member).succeedsWithin(TestSession.SOON);
        });
    }

    @Test
    void waitingEndsAfterTheStartupTimeout() {
        member("wait")
                .withPropertyValues("camure.member.startup-timeout=500ms")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(JoinTimeoutException.class)
                        .hasMessageContaining("127.0.0.1:" + port + " has not answered"));
    }

    @Test
    void waitingIsOverWhenTheApplicationIsToEnd() {
        AtomicReference<ConfigurableApplicationContext> starting = new AtomicReference<>();
        CompletableFuture<Void> member = CompletableFuture.runAsync(() -> member("wait")
                .withPropertyValues("camure.member.startup-timeout=1h")
                .withInitializer(starting::set)
                .run(context -> assertThat(context).hasFailed()));
        awaitJoining();
        starting.get().close();
        assertThat(member).succeedsWithin(TestSession.SOON);
    }

    @Test
    void failingTriesOnce() {
        member("fail")
                .withPropertyValues("camure.member.startup-timeout=1h")
                .run(context -> assertThat(context).getFailure().rootCause().isInstanceOf(JoinTimeoutException.class));
    }

    @Test
    void aGroupOfTheOtherTypeIsNotWaitedFor() {
        TestSession.coordinatorWithoutGroups(port).run(coordinator -> {
            coordinator
                    .getBean(Coordinator.class)
                    .createBroadcast(GroupConfig.builder().id(0).build());
            member("wait")
                    .withPropertyValues("camure.member.startup-timeout=1h")
                    .run(context -> assertThat(context)
                            .getFailure()
                            .rootCause()
                            .isInstanceOf(GroupTypeMismatchException.class));
        });
    }

    @Test
    void inTheBackgroundItGoesOnTryingUntilTheCoordinatorIsThere() {
        member("background").run(context -> {
            assertThat(context).hasNotFailed();
            Barrier startLine = context.getBean("start-line", Barrier.class);
            assertThat(startLine.isOpen()).isFalse();
            assertThatExceptionOfType(SessionNotRunningException.class)
                    .isThrownBy(startLine::await)
                    .withMessageContaining("has not admitted this member yet");
            TestSession.coordinator(port).run(coordinator -> {
                await().atMost(TestSession.SOON)
                        .untilAsserted(() -> assertThat(startLine.isOpen()).isTrue());
                CompletableFuture<?> there = coordinator
                        .getBean("start-line", CoordinatorBarrier.class)
                        .awaitAsync();
                assertThat(startLine.await(TestSession.SOON).number()).isZero();
                assertThat(there).succeedsWithin(TestSession.SOON);
            });
        });
    }

    @Test
    void inTheBackgroundEvenAGroupOfTheOtherTypeIsWaitedFor() {
        TestSession.coordinatorWithoutGroups(port).run(context -> {
            Coordinator coordinator = context.getBean(Coordinator.class);
            Group wrong =
                    coordinator.createBroadcast(GroupConfig.builder().id(0).build());
            member("background").run(joining -> {
                await().atMost(TestSession.SOON)
                        .untilAsserted(() -> assertThat(coordinator.statistics().datagramsDropped())
                                .hasEntrySatisfying(
                                        "wrong-group-type",
                                        count -> assertThat(count).isPositive()));
                wrong.close();
                coordinator.createBarrier(GroupConfig.builder().id(0).build());
                await().atMost(TestSession.SOON)
                        .untilAsserted(() -> assertThat(joining.getBean("start-line", Barrier.class)
                                        .isOpen())
                                .isTrue());
            });
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCoordinatorThatIsLostBeforeTheGroupsAreThereIsJoinedAgain(boolean rejoin) {
        member("background")
                .withPropertyValues(
                        "camure.member.coordinator-timeout=4s",
                        "camure.member.rejoin.initial-interval=20ms",
                        "camure.member.rejoin.enabled=" + rejoin)
                .run(context -> {
                    Member member = context.getBean(Member.class);
                    TestSession.coordinatorWithoutGroups(port)
                            .run(coordinator -> await().atMost(TestSession.SOON).until(member::isOpen));
                    await().atMost(TestSession.SOON).until(() -> !member.isOpen());
                    TestSession.coordinator(port)
                            .run(coordinator -> await().atMost(TestSession.SOON)
                                    .until(context.getBean("finish", Barrier.class)::isOpen));
                });
    }

    @Test
    void tryingInTheBackgroundEndsWithTheApplication() {
        member("background").run(context -> {
            awaitJoining();
            context.getSourceApplicationContext().stop();
            TestSession.assertNoThreadIsLeft();
            context.getSourceApplicationContext().start();
            awaitJoining();
        });
    }

    @Test
    void aHostNameThatIsNotKnownYetIsTriedAgain() {
        member("background")
                .withPropertyValues("camure.member.coordinator-address=no-such-host.invalid:7400")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    awaitJoining();
                });
    }
}
