package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.Barrier;
import io.camure.BarrierGroup;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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
                    .containsEntry("session", "coordinator")
                    .containsEntry("role", "coordinator")
                    .containsEntry("transport", "nio")
                    .containsEntry("type", "barrier")
                    .containsEntry("state", "forming")
                    .containsEntry("id", 0)
                    .containsEntry("membersPresent", 0)
                    .containsEntry("membersExpected", 1)
                    .doesNotContainKeys("lastRound", "quietestMember");
            TestSession.memberOf(coordinator).run(member -> {
                CompletableFuture<?> there =
                        coordinator.getBean("start-line", BarrierGroup.class).awaitAsync();
                member.getBean("start-line", Barrier.class).await(TestSession.SOON);
                assertThat(there).succeedsWithin(TestSession.SOON);

                Map<String, Object> details = health(coordinator, "start-line").getDetails();
                assertThat(details)
                        .containsEntry("state", "open")
                        .containsEntry("membersPresent", 1)
                        .containsKey("quietestMember");
                assertThat(details.get("quietestMemberLastHeard")).asString().matches("\\d+ms ago");
                assertThat(details.get("lastRound").toString())
                        .matches("\\{number=0, participants=2, duration=\\d+us, ended=\\d+ms ago}");
            });
        });
    }

    @Test
    void aMemberKnowsItsCoordinatorAndWhenItIsLost() {
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator).run(member -> {
                    assertThat(health(member, "files").getStatus()).isEqualTo(Status.UP);
                    assertThat(health(member, "files").getDetails())
                            .containsEntry("role", "member")
                            .containsEntry("type", "broadcast")
                            .containsEntry("state", "open")
                            .doesNotContainKeys("membersPresent", "membersExpected");
                    assertThat(health(member, "files").getDetails().get("coordinatorLastHeard"))
                            .asString()
                            .matches("\\d+ms ago");

                    coordinator.getSourceApplicationContext().stop();
                    await().atMost(TestSession.SOON)
                            .untilAsserted(
                                    () -> assertThat(health(member, "files").getStatus())
                                            .isEqualTo(Status.DOWN));
                    assertThat(health(member, "files").getDetails()).containsEntry("state", "lost");
                }));
    }

    @Test
    void aMemberThatIsNotInYetIsOutOfServiceAndAStoppedOneUnknown() {
        TestSession.member(TestSession.freePort())
                .withPropertyValues("camure.member.startup=background")
                .run(context -> {
                    assertThat(health(context, "start-line").getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
                    assertThat(health(context, "start-line").getDetails()).containsEntry("state", "joining");
                    context.getSourceApplicationContext().stop();
                    assertThat(health(context, "start-line").getStatus()).isEqualTo(Status.UNKNOWN);
                });
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
