package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Barrier;
import io.camure.CoordinatorBarrier;
import io.camure.Outcome;
import io.camure.Round;
import io.camure.RoundTimeoutException;
import io.camure.spring.CamureGroups;
import io.camure.spring.boot.autoconfigure.Traces.Maker;
import io.micrometer.tracing.exporter.FinishedSpan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** Rounds in the traces of applications. */
class TracedRoundsTest {

    private final Traces traces = new Traces();

    private void run(
            ApplicationContextRunner coordinatorRunner,
            Maker maker,
            BiConsumer<ApplicationContext, ApplicationContext> scenario) {
        traces.of(coordinatorRunner, maker)
                .run(coordinator -> traces.of(TestSession.memberOf(coordinator), maker)
                        .run(member -> scenario.accept(coordinator, member)));
    }

    private static CompletableFuture<Round> arrive(ApplicationContext context) {
        return context.getBean("start-line", Barrier.class).awaitAsync();
    }

    private static Round await(ApplicationContext context) throws InterruptedException {
        return context.getBean("start-line", Barrier.class).await(TestSession.SOON);
    }

    private static void passBy(ApplicationContext coordinator, ApplicationContext member, boolean sampled) {
        CompletableFuture<Round> there = Traces.request(coordinator, sampled, () -> arrive(coordinator));
        Traces.request(member, sampled, () -> await(member));
        assertThat(there).succeedsWithin(TestSession.SOON);
    }

    private static String id(FinishedSpan span) {
        return span.getTraceId() + "-" + span.getSpanId();
    }

    private static List<String> linksOf(FinishedSpan span) {
        return span.getLinks().stream()
                .map(link -> link.getTraceContext().traceId() + "-"
                        + link.getTraceContext().spanId())
                .toList();
    }

    private static FinishedSpan of(String node, List<FinishedSpan> awaits) {
        return awaits.stream()
                .filter(wait -> node.equals(wait.getTags().get("camure.node")))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(Maker.class)
    void oneSpanStandsForARoundAndLinksToWhoWaitsAndTheyToIt(Maker maker) {
        run(TestSession.coordinator(), maker, (coordinator, member) -> {
            passBy(coordinator, member, true);
            List<FinishedSpan> requests = traces.named("request", 2);
            List<FinishedSpan> awaits = traces.named("await start-line", 2);
            FinishedSpan round = traces.named("round start-line", 1).get(0);

            traces.assertAllInTheTraceOfTheCaller();
            assertThat(round.getParentId())
                    .as("of the coordinator, who arrived first")
                    .isEqualTo(of("coordinator", awaits).getParentId());
            assertThat(linksOf(round))
                    .containsExactlyInAnyOrderElementsOf(
                            requests.stream().map(TracedRoundsTest::id).toList());
            assertThat(awaits).allSatisfy(wait -> assertThat(linksOf(wait)).containsExactly(id(round)));
            assertThat(awaits)
                    .extracting(FinishedSpan::getParentId)
                    .containsExactlyInAnyOrderElementsOf(
                            requests.stream().map(FinishedSpan::getSpanId).toList());
            assertThat(round.getEvents())
                    .singleElement()
                    .satisfies(event -> assertThat(event.getValue()).isEqualTo("last to arrive: member"));
            assertThat(round.getTags())
                    .containsEntry("messaging.system", "camure")
                    .containsEntry("messaging.destination.name", "start-line")
                    .containsEntry("camure.node", "coordinator")
                    .containsEntry("camure.round.number", "0")
                    .containsEntry("camure.round.participants", "2");
            assertThat(awaits)
                    .extracting(wait -> wait.getTags().get("camure.node"))
                    .containsExactlyInAnyOrder("coordinator", "member");
            assertThat(round.getEndTimestamp()).isAfterOrEqualTo(round.getStartTimestamp());
        });
    }

    private static CompletableFuture<Outcome<List<String>>> gather(ApplicationContext context, String value) {
        return context.getBean(CamureGroups.class)
                .collective("words", String.class)
                .allGatherAsync(value);
    }

    /** Whether its value fits into its arrival or not. */
    @ParameterizedTest
    @CsvSource({"OPEN_TELEMETRY, 3", "BRAVE, 3", "OPEN_TELEMETRY, 50000"})
    void aCallOfACollectiveIsARoundToo(Maker maker, int length) {
        String value = "x".repeat(length);
        traces.of(CollectiveSession.coordinator(), maker)
                .run(coordinator -> traces.of(CollectiveSession.memberOf(coordinator), maker)
                        .run(member -> {
                            CompletableFuture<Outcome<List<String>>> there =
                                    Traces.request(member, true, () -> gather(member, value));
                            Traces.request(
                                    coordinator,
                                    true,
                                    () -> gather(coordinator, value).join());
                            assertThat(there).succeedsWithin(TestSession.SOON);
                            List<FinishedSpan> requests = traces.named("request", 2);
                            List<FinishedSpan> awaits = traces.named("await words", 2);
                            FinishedSpan round = traces.named("round words", 1).get(0);

                            traces.assertAllInTheTraceOfTheCaller();
                            assertThat(linksOf(round))
                                    .containsExactlyInAnyOrderElementsOf(requests.stream()
                                            .map(TracedRoundsTest::id)
                                            .toList());
                            assertThat(awaits)
                                    .allSatisfy(
                                            wait -> assertThat(linksOf(wait)).containsExactly(id(round)));
                            assertThat(round.getTags()).containsEntry("camure.round.participants", "2");
                        }));
    }

    @ParameterizedTest
    @EnumSource(Maker.class)
    void aTraceThatIsNotSampledShowsNothing(Maker maker) {
        run(TestSession.coordinator(), maker, (coordinator, member) -> {
            passBy(coordinator, member, false);
            // Nor does one that has not begun.
            CompletableFuture<Round> there = arrive(coordinator);
            assertThat(arrive(member)).succeedsWithin(TestSession.SOON);
            assertThat(there).succeedsWithin(TestSession.SOON);
            passBy(coordinator, member, true);
            FinishedSpan round = traces.named("round start-line", 1).get(0);

            assertThat(round.getTags()).containsEntry("camure.round.number", "2");
            traces.assertAllInTheTraceOfTheCaller();
        });
    }

    @ParameterizedTest
    @CsvSource({"OPEN_TELEMETRY, camure.observation.rounds=none", "BRAVE, camure.observation.enabled=false"})
    void aPropertyTurnsThemOff(Maker maker, String property) {
        run(TestSession.coordinator().withPropertyValues(property), maker, (coordinator, member) -> {
            passBy(coordinator, member, true);
            FinishedSpan wait = traces.named("await start-line", 1).get(0);

            assertThat(wait.getTags()).containsEntry("camure.node", "member");
            assertThat(wait.getLinks()).as("the coordinator has no tracing").isEmpty();
            traces.named("request", 2);
            traces.named("round start-line", 0);
        });
    }

    @Test
    void whatIsNoSuchPropertyIsRefused() {
        TestSession.coordinator()
                .withPropertyValues("camure.observation.rounds=all")
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining("camure.observation.rounds"));
    }

    @ParameterizedTest
    @EnumSource(Maker.class)
    void aWaitThatFailsShowsThat(Maker maker) {
        traces.of(TestSession.coordinator(), maker).run(coordinator -> {
            CoordinatorBarrier barrier = coordinator.getBean("start-line", CoordinatorBarrier.class);
            Class<?> failure = Traces.request(coordinator, true, () -> {
                try {
                    barrier.await(Duration.ofMillis(1));
                    return null;
                } catch (RoundTimeoutException e) {
                    return e.getClass();
                }
            });
            FinishedSpan wait = traces.named("await start-line", 1).get(0);

            assertThat(failure).isNotNull();
            assertThat(wait.getError()).isNotNull();
            assertThat(wait.getLinks()).isEmpty();
        });
    }

    /** The trace of whoever has arrived first goes on with it; that of the other refers to it. */
    @ParameterizedTest
    @EnumSource(Maker.class)
    void participantsMayBeInDifferentTraces(Maker maker) {
        run(TestSession.coordinator(), maker, (coordinator, member) -> {
            CompletableFuture<Round> there = Traces.request(coordinator, true, () -> arrive(coordinator));
            Map<String, String> other =
                    Map.of("traceparent", "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01");
            Traces.request(member, other, () -> await(member));
            assertThat(there).succeedsWithin(TestSession.SOON);
            FinishedSpan round = traces.named("round start-line", 1).get(0);
            List<FinishedSpan> awaits = traces.named("await start-line", 2);

            assertThat(awaits).extracting(FinishedSpan::getTraceId).doesNotHaveDuplicates();
            assertThat(awaits).allSatisfy(wait -> assertThat(linksOf(wait)).containsExactly(id(round)));
            assertThat(linksOf(round)).hasSize(2);
            assertThat(awaits).extracting(FinishedSpan::getTraceId).contains(round.getTraceId());
        });
    }
}
