package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.CoordinatorGroup;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.CamureGroups;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ApplicationAvailabilityBean;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.HttpCodeStatusMapper;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;

/** Applications that are not ready before they have met the others. */
class StartGateTest {

    private final int port = TestSession.freePort();

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    @ImportAutoConfiguration({
        CamureAutoConfiguration.class,
        CamureGateAutoConfiguration.class,
        ApplicationAvailabilityAutoConfiguration.class,
        HealthContributorRegistryAutoConfiguration.class,
        HealthEndpointAutoConfiguration.class,
        AvailabilityHealthContributorAutoConfiguration.class,
        AvailabilityProbesAutoConfiguration.class
    })
    static class Application {

        final List<ReadinessState> told = new CopyOnWriteArrayList<>();

        @EventListener
        void on(AvailabilityChangeEvent<ReadinessState> change) {
            told.add(change.getState());
        }
    }

    /** By SpringApplication, which says that it accepts traffic once it has started. */
    private static ConfigurableApplicationContext run(String... properties) {
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .properties(
                        "management.endpoint.health.probes.enabled=true",
                        "camure.transport=nio",
                        "camure.groups.gate.type=barrier",
                        "camure.groups.gate.id=3",
                        "camure.groups.gate.expected-members=2",
                        // Waits end and go on.
                        "camure.groups.gate.timeout=50ms",
                        "camure.groups.gate.gate=readiness")
                .properties(properties)
                .run();
    }

    private ConfigurableApplicationContext coordinator() {
        return run(
                "camure.role=coordinator",
                "camure.coordinator.bind-address=127.0.0.1:" + port,
                "camure.coordinator.multicast-address=239.255.74.0:" + TestSession.freePort());
    }

    private ConfigurableApplicationContext member() {
        return run(
                "camure.role=member",
                "camure.member.coordinator-address=127.0.0.1:" + port,
                "camure.member.coordinator-timeout=4s",
                "camure.member.rejoin.initial-interval=20ms");
    }

    /** The status of /actuator/health/readiness. */
    private static int status(ApplicationContext context) {
        Status status =
                context.getBean(HealthEndpoint.class).healthForPath("readiness").getStatus();
        return context.getBean(HttpCodeStatusMapper.class).getStatusCode(status);
    }

    private static void awaitReady(ApplicationContext... contexts) {
        for (ApplicationContext context : contexts) {
            await().atMost(TestSession.SOON)
                    .untilAsserted(() -> assertThat(status(context)).isEqualTo(200));
        }
    }

    private static void awaitMembers(ApplicationContext coordinator, int count) throws InterruptedException {
        ((CoordinatorGroup) coordinator.getBean(CamureGroups.class).group("gate"))
                .awaitMembers(count, TestSession.SOON);
    }

    @Test
    void nobodyIsReadyBeforeAllAreThereAndWhoComesLaterIsReadyThen() throws Exception {
        try (ConfigurableApplicationContext coordinator = coordinator();
                ConfigurableApplicationContext first = member()) {
            awaitMembers(coordinator, 1);
            for (ApplicationContext context : List.of(coordinator, first)) {
                ApplicationAvailability availability = context.getBean(ApplicationAvailability.class);
                assertThat(status(context)).isEqualTo(503);
                assertThat(availability.getReadinessState()).isEqualTo(ReadinessState.REFUSING_TRAFFIC);
                assertThat(availability.getLivenessState()).isEqualTo(LivenessState.CORRECT);
            }
            try (ConfigurableApplicationContext second = member()) {
                awaitReady(coordinator, first, second);
            }
            try (ConfigurableApplicationContext third = member()) {
                awaitReady(coordinator, first, third);
                assertThat(third.getBean(ApplicationAvailability.class).getReadinessState())
                        .isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
            }
            List<ReadinessState> told = first.getBean(Application.class).told;
            assertThat(told).endsWith(ReadinessState.ACCEPTING_TRAFFIC).hasSize(2);
        }
    }

    @Test
    void aContextThatIsStartedAnewPassesTheGateAnew() throws Exception {
        try (ConfigurableApplicationContext coordinator = coordinator();
                ConfigurableApplicationContext first = member();
                ConfigurableApplicationContext second = member()) {
            awaitReady(coordinator, first, second);
            first.stop();
            assertThat(status(first)).isEqualTo(503);
            first.start();
            awaitReady(coordinator, first, second);
            coordinator.stop();
            assertThat(status(coordinator)).isEqualTo(503);
            // The members have met the others once, and are as ready as before.
            assertThat(status(first)).isEqualTo(200);
            coordinator.start();
            awaitReady(coordinator, first, second);
        }
    }

    @Test
    void withoutAGateAnApplicationIsReadyAsEver() {
        try (ConfigurableApplicationContext alone = run(
                "camure.groups.gate.gate=none",
                "camure.role=coordinator",
                "camure.coordinator.bind-address=127.0.0.1:0",
                "camure.coordinator.multicast-address=239.255.74.0:" + TestSession.freePort())) {
            assertThat(status(alone)).isEqualTo(200);
        }
    }

    @Test
    void anAvailabilityBeanThatDoesNotKnowOfGatesIsRefused() {
        TestSession.coordinator()
                .withPropertyValues("camure.groups.start-line.gate=readiness")
                .withBean(ApplicationAvailabilityBean.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(CamureConfigurationException.class)
                        .hasMessageContainingAll("ApplicationAvailabilityBean", "Remove that bean, or the gate"));
    }
}
