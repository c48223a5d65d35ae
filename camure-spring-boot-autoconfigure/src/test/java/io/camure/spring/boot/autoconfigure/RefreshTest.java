package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.camure.Coordinator;
import io.camure.Group;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.CamureFlip;
import io.camure.spring.boot.autoconfigure.endpoint.CamureEndpoint;
import io.camure.spring.boot.autoconfigure.endpoint.CamureEndpointAutoConfiguration;
import io.camure.spring.boot.autoconfigure.endpoint.CamureEndpointWebExtension;
import io.camure.spring.boot.autoconfigure.refresh.CamureRefreshAutoConfiguration;
import io.camure.spring.boot.autoconfigure.refresh.RefreshDescriptor;
import io.camure.spring.boot.autoconfigure.refresh.RefreshDescriptor.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionProperties;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.autoconfigure.ConfigurationPropertiesRebinderAutoConfiguration;
import org.springframework.cloud.autoconfigure.RefreshAutoConfiguration;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.NestedExceptionUtils;

/** Configuration that all instances refresh together, or none. */
class RefreshTest {

    @TempDir
    private Path files;

    private final Deque<ConfigurableApplicationContext> started = new ArrayDeque<>();

    @AfterEach
    void nothingIsLeft() {
        started.forEach(ConfigurableApplicationContext::close);
        TestSession.assertNoThreadIsLeft();
    }

    /** Properties of Boot, bound to text and to a number. */
    private static final String GREETING = "spring.task.execution.thread-name-prefix";

    private static final String SIZE = "spring.task.execution.pool.core-size";

    @ImportAutoConfiguration({
        CamureAutoConfiguration.class,
        CamureMessagingAutoConfiguration.class,
        CamureListenerAutoConfiguration.class,
        CamureRefreshAutoConfiguration.class,
        CamureEndpointAutoConfiguration.class,
        ConfigurationPropertiesRebinderAutoConfiguration.class,
        RefreshAutoConfiguration.class
    })
    @EnableConfigurationProperties(TaskExecutionProperties.class)
    static class Application {}

    private void write(String name, String... lines) {
        try {
            Files.write(files.resolve(name + ".properties"), List.of(lines));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Reads the file of its name. */
    private ConfigurableApplicationContext start(
            String name, ApplicationListener<ApplicationPreparedEvent> onPrepared, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--spring.config.import=" + files.resolve(name + ".properties").toUri(),
                "--camure.name=" + name,
                "--camure.refresh.group=config",
                "--camure.groups.config.type=collective",
                "--camure.groups.config.payload-type=byte[]",
                "--management.endpoints.web.exposure.include=camure",
                "--management.endpoint.camure.access=unrestricted"));
        arguments.addAll(List.of(more));
        ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .registerShutdownHook(false)
                .listeners(onPrepared)
                .run(arguments.toArray(String[]::new));
        started.push(context);
        return context;
    }

    private ConfigurableApplicationContext startCoordinator(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--camure.role=coordinator",
                "--camure.coordinator.bind-address=127.0.0.1:0",
                "--camure.coordinator.multicast-address=239.255.74.0:" + TestSession.freePort()));
        arguments.addAll(List.of(more));
        return start("first", event -> {}, arguments.toArray(String[]::new));
    }

    private ConfigurableApplicationContext startMember(
            ConfigurableApplicationContext coordinator, ApplicationListener<ApplicationPreparedEvent> onPrepared) {
        int port = coordinator.getBean(Coordinator.class).address().getPort();
        return start(
                "second", onPrepared, "--camure.role=member", "--camure.member.coordinator-address=127.0.0.1:" + port);
    }

    private static RefreshDescriptor refresh(ConfigurableApplicationContext context) throws InterruptedException {
        return (RefreshDescriptor) context.getBean(CamureEndpoint.class).ask("refresh");
    }

    private static String greeting(ConfigurableApplicationContext context) {
        return context.getBean(TaskExecutionProperties.class).getThreadNamePrefix();
    }

    private static final String SHOWN = "--management.endpoint.camure.show-values=always";

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void allInstancesHaveTheNewConfiguration(boolean hasBootstrapContext) throws Exception {
        write("first", GREETING + "=hello");
        write("second", GREETING + "=hello", SIZE + "=3");
        ConfigurableApplicationContext coordinator =
                startCoordinator(SHOWN, "--spring.cloud.bootstrap.enabled=" + hasBootstrapContext);
        ConfigurableApplicationContext member = startMember(coordinator, event -> {});

        write("first", GREETING + "=good day");
        write("second", GREETING + "=good day", SIZE + "=4");
        RefreshDescriptor done = refresh(coordinator);

        assertThat(done.outcome()).isEqualTo(Outcome.ACTIVATED);
        assertThat(done.refusals()).isEmpty();
        assertThat(done.changed().keySet())
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("first (127.0.0.1:"),
                        second -> assertThat(second).startsWith("second (127.0.0.1:"));
        assertThat(done.changed().values())
                .satisfiesExactly(
                        first -> assertThat(first).contains(GREETING).doesNotContain(SIZE),
                        second -> assertThat(second).contains(GREETING, SIZE));
        for (ConfigurableApplicationContext each : List.of(coordinator, member)) {
            assertThat(greeting(each)).isEqualTo("good day");
            assertThat(each.getEnvironment().getProperty(GREETING)).isEqualTo("good day");
        }
        assertThat(member.getBean(TaskExecutionProperties.class).getPool().getCoreSize())
                .isEqualTo(4);
    }

    @Test
    void nothingHasChangedAnywhereIfOneCannotFetchItsConfiguration() throws Exception {
        write("first", GREETING + "=hello");
        write("second", GREETING + "=hello");
        ConfigurableApplicationContext coordinator = startCoordinator(SHOWN);
        startMember(coordinator, event -> {});
        List<EnvironmentChangeEvent> changes = new ArrayList<>();
        coordinator.addApplicationListener((ApplicationListener<EnvironmentChangeEvent>) changes::add);

        write("first", GREETING + "=good day");
        Files.delete(files.resolve("second.properties"));
        RefreshDescriptor done = refresh(coordinator);

        assertThat(done.outcome()).isEqualTo(Outcome.DISCARDED);
        assertThat(done.refusals()).hasSize(1).allSatisfy((node, why) -> {
            assertThat(node).startsWith("second (127.0.0.1:");
            assertThat(why).contains("second.properties");
        });
        assertThat(done.changed().values()).containsExactly(List.of(GREETING));
        assertThat(greeting(coordinator)).isEqualTo("hello");
        assertThat(coordinator.getEnvironment().getProperty(GREETING)).isEqualTo("hello");
        assertThat(changes).isEmpty();

        write("second", GREETING + "=good day");
        assertThat(refresh(coordinator).outcome()).isEqualTo(Outcome.ACTIVATED);
        assertThat(greeting(coordinator)).isEqualTo("good day");
    }

    @Test
    void aValueOfTheWrongTypeIsRefusedBeforeAnyNodeHasIt() throws Exception {
        write("first", SIZE + "=3");
        write("second", SIZE + "=3");
        ConfigurableApplicationContext coordinator = startCoordinator(SHOWN);
        ConfigurableApplicationContext member = startMember(coordinator, event -> {});

        write("second", SIZE + "=many");
        RefreshDescriptor done = refresh(coordinator);

        assertThat(done.outcome()).isEqualTo(Outcome.DISCARDED);
        assertThat(done.refusals().values())
                .allSatisfy(why -> assertThat(why).contains(SIZE, "int").doesNotContain("many"));
        assertThat(member.getBean(TaskExecutionProperties.class).getPool().getCoreSize())
                .isEqualTo(3);
        assertThat(member.getBean("config", Group.class).isOpen()).isTrue();
    }

    @Test
    void whoHasReadItsConfigurationBeforeTheOthersRefreshedIsBroughtUp() throws Exception {
        write("first", GREETING + "=hello");
        write("second", GREETING + "=hello");
        ConfigurableApplicationContext coordinator = startCoordinator();
        ConfigurableApplicationContext other = startMember(coordinator, event -> {});
        assertThat(refresh(coordinator).outcome()).isEqualTo(Outcome.ACTIVATED);
        other.close();

        ConfigurableApplicationContext late =
                startMember(coordinator, event -> write("second", GREETING + "=good day"));

        await().atMost(TestSession.SOON).until(() -> greeting(late).equals("good day"));
    }

    @Test
    void aMemberTellsWhoHasToBeAsked() throws Exception {
        write("first", GREETING + "=hello");
        write("second", GREETING + "=hello");
        ConfigurableApplicationContext coordinator = startCoordinator();
        ConfigurableApplicationContext member = startMember(coordinator, event -> {});

        WebEndpointResponse<Object> answer =
                member.getBean(CamureEndpointWebExtension.class).ask(SecurityContext.NONE, "refresh");

        assertThat(answer.getStatus()).isEqualTo(409);
        RefreshDescriptor told = (RefreshDescriptor) answer.getBody();
        assertThat(told.outcome()).isEqualTo(Outcome.NOT_COORDINATOR);
        assertThat(told.coordinator()).startsWith("first (hidden-");
        assertThat(told.failure()).contains("coordinator");
    }

    @Test
    void whoMayNotSeeValuesSeesNoTextsOfExceptions() throws Exception {
        write("first", SIZE + "=3");
        write("second", SIZE + "=3");
        ConfigurableApplicationContext coordinator = startCoordinator();
        startMember(coordinator, event -> {});
        write("second", SIZE + "=many");

        WebEndpointResponse<Object> answer =
                coordinator.getBean(CamureEndpointWebExtension.class).ask(SecurityContext.NONE, "refresh");

        assertThat(answer.getStatus()).isEqualTo(409);
        RefreshDescriptor told = (RefreshDescriptor) answer.getBody();
        assertThat(told.refusals()).hasSize(1).allSatisfy((node, why) -> {
            assertThat(node).startsWith("second (hidden-");
            assertThat(why).startsWith("hidden").doesNotContain("many");
        });
    }

    @Test
    void whereNothingIsRefreshedTheAnswerSaysSo() {
        TestSession.coordinator()
                .withPropertyValues("management.endpoints.web.exposure.include=camure")
                .run(context -> assertThatExceptionOfType(InvalidEndpointRequestException.class)
                        .isThrownBy(() -> context.getBean(CamureEndpoint.class).ask("refresh"))
                        .withMessageContaining("camure.refresh.group is not set"));
    }

    @CamureFlip("config")
    static class Rates {

        String prepare(String value) {
            return value;
        }

        void activate(String prepared) {}
    }

    private static ApplicationContextRunner refreshing() {
        return TestSession.coordinatorWithoutGroups(0)
                .withConfiguration(AutoConfigurations.of(
                        CamureRefreshAutoConfiguration.class,
                        ConfigurationPropertiesRebinderAutoConfiguration.class,
                        RefreshAutoConfiguration.class))
                .withPropertyValues("camure.refresh.group=config");
    }

    private static ApplicationContextRunner withGroup(ApplicationContextRunner runner) {
        return runner.withPropertyValues(
                "camure.groups.config.type=collective", "camure.groups.config.payload-type=byte[]");
    }

    private static void assertRefused(ApplicationContextRunner runner, String... parts) {
        runner.run(context -> assertThat(NestedExceptionUtils.getMostSpecificCause(context.getStartupFailure()))
                .isInstanceOf(CamureConfigurationException.class)
                .hasMessageContainingAll(parts));
    }

    @Test
    void whatDoesNotFitKeepsTheApplicationFromStarting() {
        withGroup(refreshing()).run(context -> assertThat(context).hasNotFailed());
        assertRefused(refreshing(), "camure.refresh.group is 'config', but there is no group of this name");
        assertRefused(
                withGroup(refreshing()).withBean(Rates.class),
                "camure.refresh.group is 'config', and Rates has @CamureFlip(\"config\")");
        assertRefused(
                withGroup(refreshing()).withPropertyValues("spring.cloud.refresh.enabled=false"),
                "camure.refresh.group is 'config', but Spring Cloud refreshes nothing",
                "spring.cloud.refresh.enabled");
        assertRefused(
                withGroup(TestSession.coordinatorWithoutGroups(0)).withPropertyValues("camure.refresh.group=config"),
                "spring-cloud-context");
    }
}
