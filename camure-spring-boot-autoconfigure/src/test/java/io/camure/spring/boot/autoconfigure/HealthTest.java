package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import io.camure.Barrier;
import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.GroupConfig;
import io.camure.Member;
import io.camure.spring.CamureGroups;
import io.camure.spring.SessionNotRunningException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.Condition;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ApplicationContext;

/** What the health of a node says of its groups. */
class HealthTest {

    private static Health health(ApplicationContext context, String group) {
        HealthContributor contributor = context.getBean("camureHealthContributor", CompositeHealthContributor.class)
                .getContributor(group);
        return ((HealthIndicator) contributor).health();
    }

    @Test
    void aCoordinatorKnowsItsMembersAndRounds() {
        TestSession.coordinator().run(coordinator -> {
            assertThat(health(coordinator, "start-line").getStatus()).isEqualTo(Status.UP);
            assertThat(health(coordinator, "start-line").getDetails())
                    .containsEntry("session", "default")
                    .containsEntry("node", "coordinator")
                    .containsEntry("role", "coordinator")
                    .containsEntry("type", "barrier")
                    .containsEntry("state", "forming")
                    .containsEntry("id", 0)
                    .containsEntry("membersPresent", 0)
                    .containsEntry("membersExpected", 1)
                    .doesNotContainKeys("lastRound", "quietestMember", "roundWaiting", "missingMembers");
            TestSession.memberOf(coordinator).run(member -> {
                CompletableFuture<?> there = coordinator
                        .getBean("start-line", CoordinatorBarrier.class)
                        .awaitAsync();
                member.getBean("start-line", Barrier.class).await(TestSession.SOON);
                assertThat(there).succeedsWithin(TestSession.SOON);

                Map<String, Object> details = health(coordinator, "start-line").getDetails();
                assertThat(details)
                        .containsEntry("state", "open")
                        .containsEntry("membersPresent", 1)
                        .containsKey("quietestMember");
                assertThat(details.get("quietestMemberLastHeard")).asString().matches("\\d+ms ago");
                await().atMost(TestSession.SOON)
                        .untilAsserted(() -> assertThat(health(coordinator, "start-line")
                                        .getDetails()
                                        .get("lastRound"))
                                .asString()
                                .matches("\\{number=0, participants=2, duration=\\d+us, ended=\\d+ms ago}"));
            });
        });
    }

    @Test
    void aSessionTellsWhatItIsAndWhomItHas() {
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator).run(member -> {
                    Coordinator session = coordinator.getBean(Coordinator.class);
                    await().atMost(TestSession.SOON).until(() -> session.unicastMembers() == 0);
                    assertThat(health(coordinator, "session").getStatus()).isEqualTo(Status.UP);
                    assertThat(health(coordinator, "session").getDetails())
                            .containsOnly(
                                    entry("session", "default"),
                                    entry("node", "coordinator"),
                                    entry("role", "coordinator"),
                                    entry("state", "open"),
                                    entry("transport", "nio"),
                                    entry("sealed", false),
                                    entry(
                                            "address",
                                            "127.0.0.1:" + session.address().getPort()),
                                    entry("incarnation", Long.toHexString(session.incarnation())),
                                    entry("members", 1),
                                    entry("multicast", "heard by 1 of 1"));
                    assertThat(health(member, "session").getDetails())
                            .containsEntry("role", "member")
                            .containsEntry("state", "open")
                            .containsEntry(
                                    "coordinator",
                                    "coordinator (127.0.0.1:"
                                            + session.address().getPort() + ")")
                            .containsEntry("coordinatorIncarnation", Long.toHexString(session.incarnation()))
                            .containsKey("incarnation")
                            .doesNotContainKey("members");
                    assertThat(health(member, "session").getDetails().get("coordinatorLastHeard"))
                            .asString()
                            .matches("\\d+ms ago");
                    assertThat(health(member, "session").getDetails().get("roundTrip"))
                            .asString()
                            .matches("\\d+us");
                }));
    }

    @Test
    void aRoundThatIsNotCompleteNamesWhoIsMissing() {
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator).run(member -> {
                    CompletableFuture<?> there = coordinator
                            .getBean("start-line", CoordinatorBarrier.class)
                            .awaitAsync();
                    Map<String, Object> details =
                            health(coordinator, "start-line").getDetails();
                    String node = "member (127.0.0.1:"
                            + member.getBean(Member.class).address().getPort() + ")";
                    assertThat(details).containsEntry("quietestMember", node);
                    assertThat(details.get("missingMembers"))
                            .asInstanceOf(InstanceOfAssertFactories.MAP)
                            .containsOnlyKeys(node)
                            .hasValueSatisfying(
                                    new Condition<>(age -> age.toString().matches("\\d+ms ago"), "an age"));
                    assertThat(details.get("roundWaiting")).asString().matches("\\d+ms");

                    member.getBean("start-line", Barrier.class).await(TestSession.SOON);
                    assertThat(there).succeedsWithin(TestSession.SOON);
                    assertThat(health(coordinator, "start-line").getDetails())
                            .doesNotContainKeys("missingMembers", "roundWaiting");
                }));
    }

    @Test
    void aFormedGroupThatLacksMembersIsDegradedButUp() {
        TestSession.coordinator().run(coordinator -> {
            TestSession.memberOf(coordinator)
                    .run(member -> assertThat(health(coordinator, "start-line").getDetails())
                            .containsEntry("state", "open"));
            await().atMost(TestSession.SOON)
                    .untilAsserted(
                            () -> assertThat(health(coordinator, "start-line").getDetails())
                                    .containsEntry("state", "degraded")
                                    .containsEntry("membersPresent", 0)
                                    .containsEntry("membersExpected", 1));
            assertThat(health(coordinator, "start-line").getStatus()).isEqualTo(Status.UP);
            // Nobody is expected there.
            assertThat(health(coordinator, "finish").getDetails()).containsEntry("state", "open");
        });
    }

    @Test
    void sessionsWithANameAndGroupsInCodeHaveTheirOwn() {
        TestSession.coordinator()
                .withPropertyValues(
                        "camure.sessions.orders.role=coordinator",
                        "camure.sessions.orders.coordinator.bind-address=127.0.0.1:0",
                        "camure.sessions.orders.coordinator.multicast-address=239.255.74.0:" + TestSession.freePort())
                .run(context -> {
                    CamureGroups orders = context.getBean(CamureGroups.class).inSession("orders");
                    orders.createBarrier("phase-2", GroupConfig.defaults());
                    CompositeHealthContributor camure =
                            context.getBean("camureHealthContributor", CompositeHealthContributor.class);
                    assertThat(camure.stream().map(CompositeHealthContributor.Entry::name))
                            .containsExactly("session", "session-orders", "start-line", "finish", "files", "phase-2");
                    assertThat(health(context, "phase-2").getDetails()).containsEntry("session", "orders");
                    assertThat(health(context, "session-orders").getDetails()).containsEntry("session", "orders");
                    orders.remove("phase-2");
                    assertThat(camure.getContributor("phase-2")).isNull();
                });
    }

    @Test
    void aMemberKnowsItsCoordinatorAndWhenItIsLost() {
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator)
                        .withPropertyValues("camure.member.coordinator-timeout=4s")
                        .run(member -> {
                            assertThat(health(member, "files").getStatus()).isEqualTo(Status.UP);
                            assertThat(health(member, "files").getDetails())
                                    .containsEntry("role", "member")
                                    .containsEntry("type", "broadcast")
                                    .containsEntry("state", "open")
                                    .doesNotContainKeys("membersPresent", "membersExpected");

                            coordinator.getSourceApplicationContext().stop();
                            await().atMost(TestSession.SOON)
                                    .untilAsserted(() -> assertThat(
                                                    health(member, "files").getStatus())
                                            .isEqualTo(Status.DOWN));
                            assertThat(health(member, "files").getDetails()).containsEntry("state", "lost");
                            await().atMost(TestSession.SOON)
                                    .untilAsserted(() -> assertThat(
                                                    health(member, "session").getStatus())
                                            .isEqualTo(Status.DOWN));
                            assertThat(health(member, "session").getDetails()).containsEntry("state", "lost");
                            for (String lost : List.of("session", "files")) {
                                await().atMost(TestSession.SOON)
                                        .untilAsserted(() -> assertThat(
                                                        health(member, lost).getDetails())
                                                .containsKeys("reason", "since")
                                                .extractingByKey("lastTry")
                                                .asString()
                                                .contains("ms ago: ", "no coordinator has admitted this node"));
                            }
                            assertThat(health(member, "files").getDetails().get("reason"))
                                    .isEqualTo(health(member, "session")
                                            .getDetails()
                                            .get("reason"));
                        }));
    }

    @Test
    void aMemberThatIsNotInYetIsOutOfServiceAndAStoppedOneUnknown() {
        TestSession.member(TestSession.freePort())
                .withPropertyValues("camure.member.startup=background", "camure.member.join-timeout=100ms")
                .run(context -> {
                    assertThat(health(context, "start-line").getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
                    assertThat(health(context, "start-line").getDetails()).containsEntry("state", "joining");
                    assertThat(health(context, "session").getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
                    await().atMost(TestSession.SOON)
                            .untilAsserted(
                                    () -> assertThat(health(context, "session").getDetails())
                                            .extractingByKey("reason")
                                            .asString()
                                            .contains("no coordinator has admitted this node"));
                    assertThatExceptionOfType(SessionNotRunningException.class)
                            .isThrownBy(context.getBean("start-line", Barrier.class)::await)
                            .withMessageContaining("has failed: ")
                            .withMessageContaining("no coordinator has admitted this node");
                    context.getSourceApplicationContext().stop();
                    assertThat(health(context, "start-line").getStatus()).isEqualTo(Status.UNKNOWN);
                    assertThat(health(context, "session").getStatus()).isEqualTo(Status.UNKNOWN);
                });
    }

    @Test
    void aGroupThatIsNotJoinedYetSaysWhyThoughItsSessionIs() {
        int port = TestSession.freePort();
        TestSession.coordinatorWithoutGroups(port)
                .run(coordinator -> TestSession.member(port)
                        .withPropertyValues("camure.member.startup=background", "camure.member.join-timeout=100ms")
                        .run(member -> {
                            await().atMost(TestSession.SOON)
                                    .untilAsserted(() -> assertThat(
                                                    health(member, "start-line").getDetails())
                                            .containsEntry("state", "joining")
                                            .containsKeys("since", "lastTry")
                                            .extractingByKey("reason")
                                            .asString()
                                            .contains("barrier start-line", "has no group"));
                            assertThat(health(member, "session").getStatus()).isEqualTo(Status.UP);
                            assertThat(health(member, "session").getDetails()).doesNotContainKey("reason");
                            assertThatExceptionOfType(SessionNotRunningException.class)
                                    .isThrownBy(member.getBean("start-line", Barrier.class)::await)
                                    .withMessageContaining("has failed: ")
                                    .withMessageContaining("has no group");
                            coordinator
                                    .getBean(Coordinator.class)
                                    .createBarrier(GroupConfig.builder().id(0).build());
                            await().atMost(TestSession.SOON)
                                    .untilAsserted(() -> assertThat(
                                                    health(member, "start-line").getDetails())
                                            .containsEntry("state", "open")
                                            .doesNotContainKey("reason"));
                        }));
    }

    @Test
    void anApplicationWithoutASessionIsNotIllForThat() {
        TestSession.application()
                .withConfiguration(AutoConfigurations.of(
                        HealthContributorRegistryAutoConfiguration.class, HealthEndpointAutoConfiguration.class))
                .withBean(
                        "otherHealthIndicator",
                        HealthIndicator.class,
                        () -> () -> Health.up().build())
                .run(context -> {
                    HealthEndpoint endpoint = context.getBean(HealthEndpoint.class);
                    assertThat(endpoint.health().getStatus()).isEqualTo(Status.UP);
                    assertThat(endpoint.healthForPath("camure")).isNull();
                });
    }

    @Test
    void healthCanBeSwitchedOff() {
        TestSession.coordinator()
                .withPropertyValues("management.health.camure.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean("camureHealthContributor"));
        TestSession.coordinator()
                .withPropertyValues("camure.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean("camureHealthContributor"));
    }
}
