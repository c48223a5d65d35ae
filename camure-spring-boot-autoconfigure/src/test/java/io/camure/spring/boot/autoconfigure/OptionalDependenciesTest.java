package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.CoordinatorBarrier;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurationImportSelector;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.AnnotationAttributes;
import org.springframework.core.type.AnnotationMetadata;

/** An application has what it has: nothing of what camure can use is needed. */
class OptionalDependenciesTest {

    /** Imports camure's auto-configurations as an application does: by name, without loading them, and in their order. */
    static class CamureOnly extends AutoConfigurationImportSelector {

        @Override
        protected AnnotationAttributes getAttributes(AnnotationMetadata metadata) {
            return new AnnotationAttributes(Map.of("exclude", new String[0], "excludeName", new String[0]));
        }

        @Override
        protected List<String> getCandidateConfigurations(
                AnnotationMetadata metadata, @Nullable AnnotationAttributes attributes) {
            return super.getCandidateConfigurations(metadata, attributes).stream()
                    .filter(name -> name.startsWith("io.camure."))
                    .collect(Collectors.toList());
        }
    }

    @Import(CamureOnly.class)
    static class Application {}

    private static ApplicationContextRunner applicationWithout(String... packages) {
        return new ApplicationContextRunner()
                .withUserConfiguration(Application.class)
                .withClassLoader(new FilteredClassLoader(packages))
                .withPropertyValues(
                        "management.endpoints.jmx.exposure.include=camure",
                        "spring.jmx.enabled=true",
                        "camure.role=coordinator",
                        "camure.coordinator.bind-address=127.0.0.1:0",
                        "camure.coordinator.multicast-address=239.255.74.0:" + TestSession.freePort(),
                        "camure.groups.start-line.type=barrier");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nothing",
                "org.springframework.boot.health",
                "org.springframework.boot.health,org.springframework.boot.actuate,io.micrometer",
                "io.micrometer,org.springframework.boot.micrometer",
                "io.micrometer.tracing",
                "tools.jackson,org.springframework.boot.jackson",
                "jakarta.validation,org.hibernate.validator",
                "org.springframework.cloud",
            })
    void aSessionNeedsNoneOf(String packages) {
        applicationWithout(packages.split(",")).run(context -> {
            assertThat(context).hasNotFailed().hasSingleBean(CoordinatorBarrier.class);
            assertThat(context.containsBean("camureHealthContributor")).isEqualTo(!packages.contains("boot.health"));
            boolean observes = !List.of(packages.split(",")).contains("io.micrometer");
            assertThat(context.containsBean("camureObservations")).isEqualTo(observes);
            assertThat(context.containsBean("camureTracedRounds")).isEqualTo(!packages.contains("io.micrometer"));
            assertThat(context.containsBean("camureEndpoint")).isEqualTo(!packages.contains("boot.actuate"));
            assertThat(context.containsBean("camureMeters")).isEqualTo(observes);
            assertThat(context.containsBean("camureJsonMessageConverter"))
                    .isEqualTo(!packages.contains("tools.jackson"));
        });
    }
}
