package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Coordinator;
import io.camure.CoordinatorLocator;
import io.camure.Member;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.boot.autoconfigure.discovery.CamureDiscoveryAutoConfiguration;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.discovery.simple.SimpleDiscoveryClientAutoConfiguration;
import org.springframework.cloud.commons.util.UtilAutoConfiguration;

/** A coordinator that is an instance of a service. */
class DiscoveryTest {

    private static final String INSTANCES = "spring.cloud.discovery.client.simple.instances.orders";

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    private static ApplicationContextRunner member() {
        return TestSession.application()
                .withConfiguration(AutoConfigurations.of(CamureDiscoveryAutoConfiguration.class))
                .withPropertyValues("camure.role=member", "camure.member.coordinator-service=orders");
    }

    private static ApplicationContextRunner withClient() {
        return member().withConfiguration(AutoConfigurations.of(
                UtilAutoConfiguration.class,
                SimpleDiscoveryClientAutoConfiguration.class,
                CompositeDiscoveryClientAutoConfiguration.class));
    }

    private static ApplicationContextRunner withInstances(Object... ports) {
        ApplicationContextRunner runner = withClient();
        for (int i = 0; i < ports.length; i++) {
            runner = runner.withPropertyValues(
                    INSTANCES + "[" + i + "].uri=http://127.0.0.1:8080",
                    INSTANCES + "[" + i + "].metadata.camure.port=" + ports[i]);
        }
        return runner;
    }

    @Test
    void theInstanceIsJoinedThatCoordinates() {
        TestSession.coordinator().run(coordinator -> {
            int port = coordinator.getBean(Coordinator.class).address().getPort();
            withInstances("none", TestSession.freePort(), port)
                    .run(member -> assertThat(member.getBean(Member.class)
                                    .coordinatorAddress()
                                    .getPort())
                            .isEqualTo(port));
        });
    }

    @Test
    void anInstanceWithoutAPortIsAskedAtTheUsualOne() {
        withClient()
                .withPropertyValues(
                        INSTANCES + "[0].uri=http://127.0.0.9:8080",
                        "camure.member.startup=fail",
                        "camure.member.join-timeout=100ms")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("127.0.0.9:7400 has not answered"));
    }

    @Test
    void whatIsMissingIsTold() {
        withInstances("70000")
                .withPropertyValues("camure.member.startup=fail", "camure.member.join-timeout=100ms")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining(
                                "the instance of service orders at 127.0.0.1 has \"70000\" as camure.port"));
        withClient()
                .withPropertyValues("camure.member.startup=fail", "camure.member.join-timeout=100ms")
                .run(context -> {
                    FailureAnalysis analysis = new CamureFailureAnalyzer().analyze(context.getStartupFailure());
                    assertThat(analysis).isNotNull();
                    assertThat(analysis.getDescription()).contains("service orders has no instance");
                });
        member().run(context -> assertThat(context)
                .getFailure()
                .rootCause()
                .isInstanceOf(CamureConfigurationException.class)
                .hasMessageContaining("there is no DiscoveryClient"));
        withInstances(7400)
                .withPropertyValues("camure.member.coordinator-address=127.0.0.1:7400")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(CamureConfigurationException.class)
                        .hasMessageContaining("coordinator-address is set, too"));
    }

    @Test
    void anApplicationMayLookByItself() {
        TestSession.coordinator().run(coordinator -> {
            InetSocketAddress address = new InetSocketAddress(
                    InetAddress.getLoopbackAddress(),
                    coordinator.getBean(Coordinator.class).address().getPort());
            withClient()
                    .withBean(CoordinatorDiscovery.class, () -> service -> CoordinatorLocator.fixed(address))
                    .run(member ->
                            assertThat(member.getBean(Member.class).isOpen()).isTrue());
        });
    }
}
