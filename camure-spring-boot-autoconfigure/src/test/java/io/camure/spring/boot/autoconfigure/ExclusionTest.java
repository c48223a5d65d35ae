package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.CoordinatorBarrier;
import io.camure.spring.CamureTemplate;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What an application excludes is missing; the rest works without. */
class ExclusionTest {

    @EnableAutoConfiguration
    static class Application {}

    static Stream<String> autoConfigurations() {
        return ImportCandidates.load(AutoConfiguration.class, ExclusionTest.class.getClassLoader())
                .getCandidates()
                .stream()
                .filter(name -> name.startsWith("io.camure."));
    }

    @ParameterizedTest
    @MethodSource("autoConfigurations")
    void anyOneCanBeExcluded(String name) {
        boolean sessions = !name.equals(CamureAutoConfiguration.class.getName());
        new ApplicationContextRunner()
                .withUserConfiguration(Application.class)
                .withPropertyValues(
                        "spring.autoconfigure.exclude=" + name,
                        "spring.jmx.enabled=true",
                        "management.endpoints.jmx.exposure.include=camure",
                        "camure.role=coordinator",
                        "camure.coordinator.bind-address=127.0.0.1:0",
                        "camure.coordinator.multicast-address=239.255.74.0:" + TestSession.freePort(),
                        "camure.groups.start-line.type=barrier")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBeansOfType(CoordinatorBarrier.class)).hasSize(sessions ? 1 : 0);
                    assertThat(context.getBeansOfType(CamureTemplate.class))
                            .hasSize(sessions && !name.contains("Messaging") ? 1 : 0);
                    assertThat(context.containsBean("camureEndpoint"))
                            .isEqualTo(sessions
                                    && !name.contains("Endpoint")
                                    && !name.contains("Listener")
                                    && !name.contains("Messaging"));
                });
    }
}
