package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.spring.CamureConfigurationException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Names of groups and sessions, as files and environment variables write them. */
class RelaxedNamesTest {

    private static ApplicationContextRunner withVariables(
            ApplicationContextRunner runner, Map<String, Object> variables) {
        return runner.withInitializer(context -> context.getEnvironment()
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment", variables)));
    }

    @Test
    void aVariableSetsAPropertyOfAGroupWithADash() {
        for (String id : new String[] {"camure.groups.start-line.id=0", "camure.groups.start-line.id="}) {
            withVariables(
                            TestSession.coordinator().withPropertyValues(id),
                            Map.of("CAMURE_GROUPS_STARTLINE_EXPECTEDMEMBERS", "3"))
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        assertThat(context.getBean("startLine", CoordinatorBarrier.class)
                                        .expectedMembers())
                                .isEqualTo(3);
                        assertThat(context.getBeanNamesForType(CoordinatorBarrier.class))
                                .containsExactlyInAnyOrder("start-line", "finish");
                        assertThat(context.getBean(CamureProperties.class).groups())
                                .containsOnlyKeys("start-line", "finish", "files");
                    });
        }
    }

    @Test
    void aVariableSetsAPropertyOfASessionWithADashAndOfItsGroups() {
        ApplicationContextRunner application = TestSession.application()
                .withPropertyValues(
                        "camure.sessions.newOrders.role=coordinator",
                        "camure.sessions.newOrders.coordinator.bind-address=127.0.0.1:0",
                        "camure.sessions.newOrders.coordinator.multicast-address=239.255.74.0:"
                                + TestSession.freePort(),
                        "camure.sessions.newOrders.groups.order-line.type=barrier");
        withVariables(
                        application,
                        Map.of(
                                "CAMURE_SESSIONS_NEWORDERS_NAME",
                                "shop",
                                "CAMURE_SESSIONS_NEWORDERS_GROUPS_ORDERLINE_EXPECTEDMEMBERS",
                                "3"))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean("newOrdersCoordinator", Coordinator.class)
                                    .name())
                            .isEqualTo("shop");
                    assertThat(context.getBean(CoordinatorBarrier.class).expectedMembers())
                            .isEqualTo(3);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"start-line", "startLine", "start_line", "START-LINE"})
    void anyWayToWriteANameInAFileIsKept(String name) {
        withVariables(
                        TestSession.coordinatorWithoutGroups(0)
                                .withPropertyValues("camure.groups." + name + ".type=barrier"),
                        Map.of("CAMURE_GROUPS_STARTLINE_EXPECTEDMEMBERS", "3"))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(CamureProperties.class).groups()).containsOnlyKeys(name);
                    assertThat(context.getBean(name, CoordinatorBarrier.class).expectedMembers())
                            .isEqualTo(3);
                });
    }

    @Test
    void namesInBracketsAreTakenLiterally() {
        TestSession.coordinatorWithoutGroups(0)
                .withPropertyValues(
                        "camure.groups[eu.prices].type=barrier",
                        "camure.groups[eu.prices].expected-members=2",
                        "camure.groups[us.prices].type=barrier")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean("eu.prices", CoordinatorBarrier.class)
                                    .expectedMembers())
                            .isEqualTo(2);
                    assertThat(context.getBean("usPrices", CoordinatorBarrier.class)
                                    .expectedMembers())
                            .isZero();
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    camure.groups.eu.prices.type | camure.groups[eu.prices]
                    camure.groups.all.eu.prices.expected-members | camure.groups[all.eu.prices]
                    camure.sessions.eu.orders.role | camure.sessions[eu.orders]
                    camure.sessions.eu.orders.coordinator.bind-address | camure.sessions[eu.orders]
                    camure.sessions.orders.groups.eu.prices.slow-member-patience | camure.sessions.orders.groups[eu.prices]
                    """)
    void aNameWithADotAndNoBracketsIsRefused(String property, String remedy) {
        TestSession.coordinator()
                .withPropertyValues(property + "=x")
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(CamureConfigurationException.class)
                        .hasMessageContainingAll(property, "Write " + remedy));
    }

    @Test
    void aVariableWithADashWrittenAsUnderscoreIsRefused() {
        withVariables(TestSession.coordinator(), Map.of("CAMURE_GROUPS_START_LINE_TYPE", "barrier"))
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContainingAll("camure.groups.start.line.type", "start-line is STARTLINE"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    camure.groups.a/b.type | a/b would be ab | camure.groups[a/b]
                    camure.groups.für.type | für would be fr | camure.groups[für]
                    camure.groups.all prices.type | all prices would be allprices | camure.groups[all prices]
                    camure.groups.prices+.type | prices+ would be prices | camure.groups[prices+]
                    camure.groups.list[0].type | list[0] would be list | camure.groups[list[0]]
                    camure.sessions.eu/us.role | eu/us would be euus | camure.sessions[eu/us]
                    camure.sessions.eu.groups.a:b.type | a:b would be ab | camure.sessions.eu.groups[a:b]
                    camure.sessions[eu.us].groups.a:b.type | a:b would be ab | camure.sessions[eu.us].groups[a:b]
                    """)
    void aNameThatWouldBeChangedIsRefused(String property, String change, String remedy) {
        TestSession.coordinator()
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new MapPropertySource("file", Map.of(property, "x"))))
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(CamureConfigurationException.class)
                        .hasMessageContainingAll(property, change, "Write " + remedy + ","));
    }

    @Test
    void aNameInBracketsMayHaveAnyCharacter() {
        TestSession.coordinatorWithoutGroups(0)
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new MapPropertySource(
                                "file",
                                Map.of(
                                        "camure.groups[a/b].type",
                                        "barrier",
                                        "camure.groups.ab.type",
                                        "barrier",
                                        "camure.groups.[list[0]].type",
                                        "barrier"))))
                .run(context -> assertThat(
                                context.getBean(CamureProperties.class).groups())
                        .containsOnlyKeys("a/b", "ab", "list[0]"));
    }

    @Test
    void whatOthersHaveUnderSuchANameIsLeftAlone() {
        withVariables(TestSession.coordinator(), Map.of("CAMURE_GROUPS_SERVICE_PORT_7400_UDP_PROTO", "udp"))
                .run(context -> assertThat(context).hasNotFailed());
    }
}
