package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Barrier;
import io.camure.CoordinatorBarrier;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.task.TaskDecorator;

/** Callbacks of {@code awaitAsync} run where the application runs its tasks, with the context of the caller. */
class CallbackTest {

    private static final ThreadLocal<String> TENANT = new ThreadLocal<>();

    private record Seen(
            String thread,
            ClassLoader classLoader,
            @Nullable String request,
            @Nullable Observation observation) {

        static Seen here(ObservationRegistry registry) {
            return new Seen(
                    Thread.currentThread().getName(),
                    Thread.currentThread().getContextClassLoader(),
                    MDC.get("request"),
                    registry.getCurrentObservation());
        }
    }

    @AfterEach
    void forgetTheContext() {
        MDC.clear();
        TENANT.remove();
    }

    private static ApplicationContextRunner withTasks(ApplicationContextRunner runner) {
        return runner.withConfiguration(AutoConfigurations.of(TaskExecutionAutoConfiguration.class))
                .withBean(ObservationRegistry.class, ObservationRegistry::create);
    }

    private static void pass(ApplicationContext coordinator) throws InterruptedException {
        coordinator.getBean("start-line", CoordinatorBarrier.class).await(TestSession.SOON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "io.micrometer.context"})
    void aCallbackSeesTheContextOfTheCaller(String missing) {
        TestSession.coordinator()
                .run(coordinator -> withTasks(TestSession.memberOf(coordinator))
                        .withClassLoader(new FilteredClassLoader(missing))
                        .run(member -> {
                            ObservationRegistry registry = member.getBean(ObservationRegistry.class);
                            Observation request = Observation.start("request", registry);
                            Thread caller = Thread.currentThread();
                            ClassLoader before = caller.getContextClassLoader();
                            try (URLClassLoader mine = new URLClassLoader(new URL[0], before);
                                    Observation.Scope scope = request.openScope()) {
                                caller.setContextClassLoader(mine);
                                MDC.put("request", "42");
                                CompletableFuture<Seen> seen = member.getBean("start-line", Barrier.class)
                                        .awaitAsync()
                                        .thenApply(round -> Seen.here(registry));
                                caller.setContextClassLoader(before);
                                MDC.clear();

                                pass(coordinator);

                                assertThat(seen)
                                        .succeedsWithin(TestSession.SOON)
                                        .satisfies(there -> {
                                            assertThat(there.thread()).startsWith("task-");
                                            assertThat(there.classLoader()).isSameAs(mine);
                                            assertThat(there.request()).isEqualTo("42");
                                            assertThat(there.observation()).isSameAs(request);
                                        });
                                assertThat(scope.getCurrentObservation()).isSameAs(request);
                            } finally {
                                caller.setContextClassLoader(before);
                                request.stop();
                            }
                        }));
    }

    @Test
    void whatTheApplicationCarriesOverToItsTasksIsCarriedOver() {
        TaskDecorator tenants = task -> {
            String tenant = TENANT.get();
            return () -> {
                String before = TENANT.get();
                TENANT.set(tenant);
                try {
                    task.run();
                } finally {
                    TENANT.set(before);
                }
            };
        };
        TestSession.coordinator()
                .run(coordinator -> withTasks(TestSession.memberOf(coordinator))
                        .withBean(TaskDecorator.class, () -> tenants)
                        .run(member -> {
                            TENANT.set("blue");
                            CompletableFuture<String> seen = member.getBean("start-line", Barrier.class)
                                    .awaitAsync()
                                    .thenApply(round -> TENANT.get());
                            pass(coordinator);
                            assertThat(seen).succeedsWithin(TestSession.SOON).isEqualTo("blue");
                        }));
    }

    @Test
    void anApplicationWithoutSuchAnExecutorHasThemRunAllTheSameWithTheContext() {
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator).run(member -> {
                    assertThat(member).doesNotHaveBean(Executor.class);
                    MDC.put("request", "42");
                    CompletableFuture<String> seen = member.getBean("start-line", Barrier.class)
                            .awaitAsync()
                            .thenApply(round -> MDC.get("request"));
                    pass(coordinator);
                    assertThat(seen).succeedsWithin(TestSession.SOON).isEqualTo("42");
                }));
    }

    @Test
    void aFutureThatIsPendingWhenTheApplicationEndsFails() {
        TestSession.coordinator()
                .run(coordinator -> withTasks(TestSession.memberOf(coordinator)).run(member -> {
                    CompletableFuture<?> pending =
                            member.getBean("start-line", Barrier.class).awaitAsync();
                    member.getSourceApplicationContext().close();
                    assertThat(pending).failsWithin(TestSession.SOON);
                }));
    }
}
