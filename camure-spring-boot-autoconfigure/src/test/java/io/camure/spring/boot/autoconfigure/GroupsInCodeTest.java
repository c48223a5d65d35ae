package io.camure.spring.boot.autoconfigure;

import static io.camure.spring.boot.autoconfigure.TestSession.metered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.camure.Barrier;
import io.camure.BroadcastGroup;
import io.camure.BroadcastReceiver;
import io.camure.CoordinatorBarrier;
import io.camure.GroupConfig;
import io.camure.GroupInUseException;
import io.camure.JoinTimeoutException;
import io.camure.Member;
import io.camure.MembershipConfig;
import io.camure.spring.CamureGroups;
import io.camure.spring.GroupMismatchException;
import io.camure.spring.GroupNameInUseException;
import io.camure.spring.UnknownGroupException;
import io.camure.spring.session.SessionBinding;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PostConstruct;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** Groups by name, and groups that the application adds while it runs. */
class GroupsInCodeTest {

    private static final GroupConfig LATE =
            GroupConfig.builder().id(42).expectedMembers(1).build();
    private static final MembershipConfig JOINED_LATE =
            MembershipConfig.builder().id(42).build();

    private final int port = TestSession.freePort();

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    private static CamureGroups groups(ApplicationContext context) {
        return context.getBean(CamureGroups.class);
    }

    private static void meet(Barrier here, Barrier there) throws InterruptedException {
        CompletableFuture<?> other = there.awaitAsync();
        here.await(TestSession.SOON);
        assertThat(other).succeedsWithin(TestSession.SOON);
    }

    @Test
    void configuredGroupsAreFoundByName() {
        TestSession.coordinator().run(coordinator -> {
            CamureGroups groups = groups(coordinator);
            assertThat(groups.names()).containsExactly("start-line", "finish", "files");
            assertThat(groups.barrier("start-line")).isSameAs(coordinator.getBean("start-line"));
            assertThat(groups.barrierGroup("start-line")).isSameAs(groups.group("start-line"));
            assertThat(groups.broadcastGroup("files")).isSameAs(coordinator.getBean(BroadcastGroup.class));
            TestSession.memberOf(coordinator).run(member -> {
                assertThat(groups(member).barrier("start-line")).isSameAs(member.getBean("start-line"));
                assertThat(groups(member).broadcastReceiver("files")).isSameAs(member.getBean(BroadcastReceiver.class));
                assertThatExceptionOfType(GroupMismatchException.class)
                        .isThrownBy(() -> groups(member).barrierGroup("start-line"))
                        .withMessageContainingAll("barrier 'start-line'", "at the member", "no CoordinatorBarrier");
                assertThatExceptionOfType(GroupMismatchException.class)
                        .isThrownBy(() -> groups(member).broadcastGroup("files"));
            });
            assertThatExceptionOfType(GroupMismatchException.class)
                    .isThrownBy(() -> groups.barrier("files"))
                    .withMessageContainingAll("broadcast 'files'", "is a BroadcastGroup");
            assertThatExceptionOfType(GroupMismatchException.class).isThrownBy(() -> groups.broadcastReceiver("files"));
            assertThatExceptionOfType(UnknownGroupException.class)
                    .isThrownBy(() -> groups.barrier("startLine"))
                    .withMessageContainingAll("'startLine'", "[start-line, finish, files]");
        });
    }

    @Test
    void withoutBeansGroupsAreFoundByNameAllTheSame() {
        TestSession.coordinator()
                .withPropertyValues("camure.register-group-beans=false")
                .withBean("start-line", String.class, () -> "mine")
                .run(context -> {
                    assertThat(context).hasNotFailed().doesNotHaveBean(Barrier.class);
                    assertThat(groups(context).barrier("start-line").isOpen()).isTrue();
                });
    }

    @Test
    void anAddedGroupIsUsedLikeAConfiguredOneUntilItIsRemoved() {
        metered(TestSession.coordinator(port))
                .run(coordinator -> TestSession.member(port).run(member -> {
                    CoordinatorBarrier there = groups(coordinator).createBarrier("late", LATE);
                    Barrier here = groups(member).joinBarrier("late", JOINED_LATE);
                    meet(here, there);
                    assertThat(groups(member).barrier("late")).isSameAs(here);
                    CompositeHealthContributor health =
                            coordinator.getBean("camureHealthContributor", CompositeHealthContributor.class);
                    MeterRegistry meters = coordinator.getBean(MeterRegistry.class);
                    assertThat(health.getContributor("late")).isNotNull();
                    assertThat(meters.find("camure.round").tag("group", "late").timers())
                            .isNotEmpty();
                    assertThat(meters.get("camure.group.members")
                                    .tag("group", "late")
                                    .gauge()
                                    .value())
                            .isOne();

                    groups(member).remove("late");
                    await().atMost(TestSession.SOON)
                            .untilAsserted(() -> assertThat(there.members()).isEmpty());
                    groups(coordinator).remove("late");
                    assertThat(there.isOpen()).isFalse();
                    assertThatExceptionOfType(UnknownGroupException.class)
                            .isThrownBy(there::await)
                            .withMessageContainingAll("'late'", "was removed");
                    assertThat(groups(coordinator).names()).doesNotContain("late");
                    assertThat(health.getContributor("late")).isNull();
                    assertThat(meters.find("camure.round").tag("group", "late").meters())
                            .isEmpty();
                    meet(
                            groups(member).barrier("start-line"),
                            groups(coordinator).barrier("start-line"));
                }));
    }

    @Test
    void anAddedGroupSurvivesStopAndStart() {
        TestSession.coordinator(port)
                .run(coordinator -> TestSession.member(port).run(member -> {
                    groups(coordinator).createBroadcast("late", LATE);
                    BroadcastReceiver late = groups(member).joinBroadcast("late", JOINED_LATE);
                    member.getSourceApplicationContext().stop();
                    assertThat(late.isOpen()).isFalse();
                    member.getSourceApplicationContext().start();
                    groups(coordinator).broadcastGroup("late").send("hello".getBytes());
                    assertThat(late.receive(TestSession.SOON)).isPresent();
                }));
    }

    @Test
    void anAddedGroupIsJoinedAgainAfterALoss() {
        TestSession.member(port)
                .withPropertyValues(
                        "camure.member.coordinator-timeout=4s",
                        "camure.member.rejoin.initial-interval=20ms",
                        "camure.member.startup=background")
                .run(member -> {
                    // There is no coordinator yet: it is joined with the others.
                    Barrier here = groups(member).joinBarrier("late", JOINED_LATE);
                    for (int i = 0; i < 2; i++) {
                        assertThat(here.isOpen()).isFalse();
                        TestSession.coordinator(port).run(coordinator -> {
                            CoordinatorBarrier there = groups(coordinator).createBarrier("late", LATE);
                            await().atMost(TestSession.SOON)
                                    .untilAsserted(
                                            () -> assertThat(here.isOpen()).isTrue());
                            meet(here, there);
                        });
                        await().atMost(TestSession.SOON)
                                .untilAsserted(() -> assertThat(here.isOpen()).isFalse());
                    }
                });
    }

    @Test
    void aGroupThatIsAddedWhileTheSessionIsLostIsJoinedOnceItIsBack() {
        TestSession.member(port)
                .withPropertyValues(
                        "camure.member.coordinator-timeout=4s",
                        "camure.member.rejoin.initial-interval=20ms",
                        "camure.member.startup=background")
                .run(member -> {
                    Member session = member.getBean(Member.class);
                    TestSession.coordinator(port)
                            .run(coordinator -> await().atMost(TestSession.SOON).until(session::isOpen));
                    await().atMost(TestSession.SOON).until(() -> !session.isOpen());
                    Barrier here = groups(member).joinBarrier("late", JOINED_LATE);
                    assertThat(here.isOpen()).isFalse();
                    TestSession.coordinator(port).run(coordinator -> {
                        CoordinatorBarrier there = groups(coordinator).createBarrier("late", LATE);
                        await().atMost(TestSession.SOON).until(here::isOpen);
                        meet(here, there);
                    });
                });
    }

    @Test
    void aGroupThatIsRemovedIsNoLongerWaitedFor() {
        // No coordinator has the group: without the removal the member would go on trying to join it.
        TestSession.coordinator(port)
                .run(coordinator -> TestSession.memberWithoutGroups(port)
                        .withPropertyValues("camure.member.startup=background", "camure.member.join-timeout=100ms")
                        .withBean(AddsEarly.class)
                        .run(member -> {
                            SessionBinding session = member.getBean(SessionBinding.class);
                            await().atMost(TestSession.SOON).until(() -> session.current() != null);
                            groups(member).remove("early");
                            Barrier startLine = groups(member)
                                    .joinBarrier(
                                            "start-line",
                                            MembershipConfig.builder().id(0).build());
                            await().atMost(TestSession.SOON).until(startLine::isOpen);
                        }));
    }

    static class AddsEarly {
        @Autowired
        CamureGroups groups;

        @PostConstruct
        void add() throws InterruptedException {
            groups.joinBarrier("early", JOINED_LATE);
        }
    }

    @Test
    void aGroupThatIsAddedBeforeTheStartIsJoinedWithIt() {
        TestSession.coordinatorWithoutGroups(port).run(coordinator -> {
            CoordinatorBarrier there = groups(coordinator).createBarrier("early", LATE);
            TestSession.memberWithoutGroups(port)
                    .withBean(AddsEarly.class)
                    .run(member -> meet(groups(member).barrier("early"), there));
        });
    }

    @Test
    void whatCanNotBeAddedIsNotThere() {
        TestSession.coordinator(port)
                .run(coordinator -> TestSession.member(port)
                        .withPropertyValues("camure.member.join-timeout=200ms")
                        .run(member -> {
                            CamureGroups atCoordinator = groups(coordinator);
                            CamureGroups atMember = groups(member);
                            assertThatExceptionOfType(GroupNameInUseException.class)
                                    .isThrownBy(() -> atCoordinator.createBarrier("finish", LATE))
                                    .withMessageContaining("'finish'");
                            assertThatExceptionOfType(GroupInUseException.class)
                                    .isThrownBy(() -> atCoordinator.createBarrier(
                                            "late", LATE.toBuilder().id(0).build()));
                            assertThatExceptionOfType(JoinTimeoutException.class)
                                    .isThrownBy(() -> atMember.joinBarrier("late", JOINED_LATE));
                            assertThatExceptionOfType(JoinTimeoutException.class)
                                    .isThrownBy(() -> atMember.joinBarrier("late"))
                                    .withMessageContaining("the coordinator has no group late; it has ");
                            assertThatIllegalStateException()
                                    .isThrownBy(() -> atMember.createBarrier("late", LATE))
                                    .withMessageContaining("not the coordinator");
                            assertThatIllegalArgumentException()
                                    .isThrownBy(() -> atMember.remove("finish"))
                                    .withMessageContaining("camure.groups.finish");
                            assertThat(atCoordinator.names()).hasSize(3);
                            assertThat(atMember.names()).hasSize(3);
                        }));
    }

    @Test
    void ofSeveralSessionsOneIsChosen() {
        TestSession.coordinator()
                .withPropertyValues(
                        "camure.sessions.orders.role=coordinator",
                        "camure.sessions.orders.coordinator.bind-address=127.0.0.1:0",
                        "camure.sessions.orders.coordinator.multicast-address=239.255.74.0:" + TestSession.freePort())
                .run(context -> {
                    CamureGroups groups = groups(context);
                    assertThatIllegalStateException()
                            .isThrownBy(() -> groups.createBarrier("late", LATE))
                            .withMessageContainingAll("several", "default", "orders");
                    CamureGroups orders = groups.inSession("orders");
                    orders.createBarrier("late", LATE);
                    assertThat(orders.names()).containsExactly("late");
                    assertThat(groups.names()).contains("late", "finish");
                    assertThatExceptionOfType(UnknownGroupException.class).isThrownBy(() -> orders.barrier("finish"));
                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> groups.inSession("other"))
                            .withMessageContainingAll("'other'", "orders");
                });
    }

    @Test
    void theUsersOwnBeanIsUsed() {
        ApplicationContextRunner runner = TestSession.coordinator();
        runner.run(first -> runner.withBean("mine", CamureGroups.class, () -> groups(first))
                .run(second -> assertThat(second).hasSingleBean(CamureGroups.class)));
    }

    @Test
    void joiningIsNotTriedForLongerThanTheTimeoutOfACustomizer() {
        TestSession.coordinator(port)
                .run(coordinator -> TestSession.member(port)
                        .withBean(
                                MemberConfigCustomizer.class,
                                () -> (session, builder) -> builder.joinTimeout(Duration.ofMillis(150)))
                        .run(member -> assertThatExceptionOfType(JoinTimeoutException.class)
                                .isThrownBy(() -> groups(member).joinBarrier("late", JOINED_LATE))
                                .withMessageContaining("150ms")));
    }
}
