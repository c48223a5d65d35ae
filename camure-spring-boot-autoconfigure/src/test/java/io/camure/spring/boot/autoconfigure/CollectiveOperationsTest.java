package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.camure.Collective;
import io.camure.CollectiveMismatchException;
import io.camure.Outcome;
import io.camure.RoundBrokenException;
import io.camure.spring.CamureReducer;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.GroupDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureEndpoint;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** What operators see of collectives: in health, meters and the endpoint. */
class CollectiveOperationsTest {

    private static final String SHOWN = "management.endpoint.camure.show-values=always";

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    private static ApplicationContextRunner coordinator(String... properties) {
        return TestSession.metered(CollectiveSession.coordinator())
                .withPropertyValues(
                        "management.endpoints.web.exposure.include=camure",
                        "spring.jmx.enabled=true",
                        "management.endpoints.jmx.exposure.include=camure")
                .withPropertyValues(properties);
    }

    @SuppressWarnings("unchecked")
    private static <T> Collective<T> collective(ApplicationContext context, String name) {
        return context.getBean(name, Collective.class);
    }

    private static void gather(ApplicationContext coordinator, ApplicationContext member) throws Exception {
        CompletableFuture<Outcome<List<String>>> there = CollectiveOperationsTest.<String>collective(
                        coordinator, "words")
                .allGatherAsync("one");
        CollectiveOperationsTest.<String>collective(member, "words").allGather("two", TestSession.SOON);
        there.get(TestSession.SOON.toSeconds(), TimeUnit.SECONDS);
    }

    private static Map<?, ?> details(ApplicationContext context, String group) {
        GroupDescriptor described =
                (GroupDescriptor) context.getBean(CamureEndpoint.class).one("groups", group);
        return (Map<?, ?>) described.details().get("collective");
    }

    @Test
    void theEndpointTellsWhoHasGivenWhatWhereValuesAreShown() {
        coordinator(SHOWN)
                .run(coordinator -> CollectiveSession.memberOf(coordinator).run(member -> {
                    gather(coordinator, member);
                    Map<?, ?> last = (Map<?, ?>) details(coordinator, "words").get("last");
                    assertThat(last.get("operation")).isEqualTo("allGather");
                    assertThat(last.get("rank")).isEqualTo(0);
                    assertThat((List<?>) last.get("participants")).hasSize(2);
                    Map<?, ?> values = (Map<?, ?>) ((Map<?, ?>) last.get("values")).get("byNode");
                    assertThat(values.values().stream().map(Object::toString)).containsExactly("one", "two");
                    assertThat(values.keySet().toString()).contains("coordinator (", "member (");
                }));
    }

    @Test
    void theEndpointKeepsValuesToItselfElsewhere() {
        coordinator()
                .run(coordinator -> CollectiveSession.memberOf(coordinator).run(member -> {
                    gather(coordinator, member);
                    Map<?, ?> last = (Map<?, ?>) details(coordinator, "words").get("last");
                    assertThat(last.get("operation")).isEqualTo("allGather");
                    assertThat(last.containsKey("values")).isFalse();
                    assertThat(coordinator
                                    .getBean(CamureEndpoint.class)
                                    .camure()
                                    .toString())
                            .contains("allGather")
                            .doesNotContain("two");
                }));
    }

    private static void reduce(ApplicationContext coordinator, ApplicationContext member) throws Exception {
        CompletableFuture<Outcome<Long>> there = CollectiveOperationsTest.<Long>collective(coordinator, "max-version")
                .allReduceAsync(41L);
        CollectiveOperationsTest.<Long>collective(member, "max-version").allReduce(43L, TestSession.SOON);
        there.get(TestSession.SOON.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void theCoordinatorTellsWhoHasGivenWhatIsReduced() {
        coordinator(SHOWN)
                .run(coordinator -> CollectiveSession.memberOf(coordinator).run(member -> {
                    assertThat(details(coordinator, "max-version").containsKey("given"))
                            .isFalse();
                    reduce(coordinator, member);
                    Map<?, ?> given =
                            (Map<?, ?>) details(coordinator, "max-version").get("given");
                    assertThat(given.get("operation")).isEqualTo("allReduce");
                    Map<?, ?> values = (Map<?, ?>) ((Map<?, ?>) given.get("values")).get("byNode");
                    assertThat(values.values().stream().map(Object::toString)).containsExactly("41", "43");
                    assertThat(values.keySet().toString()).contains("coordinator (", "member (");
                }));
        coordinator()
                .run(coordinator -> CollectiveSession.memberOf(coordinator).run(member -> {
                    details(coordinator, "max-version");
                    reduce(coordinator, member);
                    Map<?, ?> given =
                            (Map<?, ?>) details(coordinator, "max-version").get("given");
                    assertThat(given.get("operation")).isEqualTo("allReduce");
                    assertThat(given.containsKey("values")).isFalse();
                }));
    }

    @Test
    void whoCalledWhatIsToldWhenThatDiffers() {
        coordinator()
                .run(coordinator -> CollectiveSession.memberOf(coordinator)
                        .withPropertyValues("camure.groups.max-version.reduce=min")
                        .run(member -> {
                            CompletableFuture<Outcome<Long>> there = CollectiveOperationsTest.<Long>collective(
                                            coordinator, "max-version")
                                    .allReduceAsync(1L);
                            assertThatExceptionOfType(CollectiveMismatchException.class)
                                    .isThrownBy(() -> CollectiveOperationsTest.<Long>collective(member, "max-version")
                                            .allReduce(2L, TestSession.SOON));
                            await().atMost(TestSession.SOON).untilAsserted(() -> {
                                assertThat(there).isCompletedExceptionally();
                                assertThat(mismatches(coordinator)).isEqualTo(1);
                            });
                            Map<?, ?> mismatch = (Map<?, ?>)
                                    details(coordinator, "max-version").get("lastMismatch");
                            assertThat(mismatch.get("calls").toString()).contains("max", "min", "member");
                            assertThat(health(coordinator, "max-version")
                                            .get("lastMismatch")
                                            .toString())
                                    .contains("ago: ");
                            CamureEndpoint endpoint = coordinator.getBean(CamureEndpoint.class);
                            await().atMost(TestSession.SOON)
                                    .untilAsserted(() -> assertThat(
                                                    endpoint.past("history").events())
                                            .anySatisfy(event -> {
                                                assertThat(event.kind()).isEqualTo("mismatch");
                                                assertThat(event.group()).isEqualTo("max-version");
                                            }));
                        }));
    }

    /** Wherever it is told, at the node that reduces and at the others. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatAReducersExceptionSaysIsToldToThoseWhoMaySeeValues(boolean shown) {
        String property = shown ? SHOWN : "management.endpoint.camure.show-values=never";
        coordinator(property)
                .withBean(Picky.class)
                .run(coordinator -> CollectiveSession.memberOf(coordinator)
                        .withPropertyValues(
                                "spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=camure", property)
                        .withBean(Picky.class)
                        .run(member -> {
                            CompletableFuture<Outcome<CollectiveSession.Progress>> there =
                                    CollectiveOperationsTest.<CollectiveSession.Progress>collective(
                                                    coordinator, "progress")
                                            .allReduceAsync(new CollectiveSession.Progress(1, "top-secret"));
                            assertThatExceptionOfType(RoundBrokenException.class)
                                    .isThrownBy(() -> CollectiveOperationsTest.<CollectiveSession.Progress>collective(
                                                    member, "progress")
                                            .allReduce(new CollectiveSession.Progress(1, "other"), TestSession.SOON))
                                    .withMessageContaining("top-secret");
                            await().atMost(TestSession.SOON)
                                    .untilAsserted(() -> assertThat(there).isCompletedExceptionally());
                            for (ApplicationContext node : List.of(coordinator, member)) {
                                CamureEndpoint endpoint = node.getBean(CamureEndpoint.class);
                                await().atMost(TestSession.SOON)
                                        .untilAsserted(() -> assertThat(
                                                        endpoint.past("history").events())
                                                .filteredOn(
                                                        event -> event.kind().equals("broken"))
                                                .singleElement()
                                                .satisfies(event -> assertThat(event.text())
                                                        .contains("has no result: the reducer picky has failed")));
                                String all = endpoint.camure() + " " + endpoint.past("history");
                                assertThat(all.contains("top-secret")).as(all).isEqualTo(shown);
                            }
                        }));
    }

    /** Tells of the values in what it throws. */
    static class Picky {

        @CamureReducer(value = "progress", name = "picky")
        CollectiveSession.Progress merge(CollectiveSession.Progress some, CollectiveSession.Progress other) {
            throw new IllegalArgumentException("odd value " + some);
        }
    }

    private static double mismatches(ApplicationContext context) {
        return context.getBean(MeterRegistry.class)
                .get("camure.collective.mismatches")
                .tag("group", "max-version")
                .functionCounter()
                .count();
    }

    private static Map<String, Object> health(ApplicationContext context, String group) {
        CompositeHealthContributor all = context.getBean("camureHealthContributor", CompositeHealthContributor.class);
        return ((HealthIndicator) all.getContributor(group)).health().getDetails();
    }

    @Test
    void roundsAreTimedByTheKindOfTheirGroup() {
        coordinator()
                .withPropertyValues("camure.groups.line.type=barrier")
                .run(coordinator -> CollectiveSession.memberOf(coordinator).run(member -> {
                    gather(coordinator, member);
                    MeterRegistry registry = coordinator.getBean(MeterRegistry.class);
                    await().atMost(TestSession.SOON)
                            .untilAsserted(() -> assertThat(registry.get("camure.round")
                                            .tags("kind", "collective", "group", "words", "outcome", "completed")
                                            .timer()
                                            .count())
                                    .isOne());
                    assertThat(registry.get("camure.round")
                                    .tags("kind", "barrier", "group", "line", "outcome", "completed")
                                    .timer()
                                    .count())
                            .isZero();
                    assertThat(health(coordinator, "words"))
                            .containsEntry("type", "collective")
                            .containsEntry("lastOperation", "allGather")
                            .containsKey("lastRound");
                }));
    }
}
