package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.Barrier;
import io.camure.BroadcastGroup;
import io.camure.Headers;
import io.camure.Round;
import io.camure.spring.CamureListener;
import io.camure.spring.CamureTemplate;
import io.camure.spring.boot.autoconfigure.Traces.Maker;
import io.micrometer.tracing.BaggageInScope;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.exporter.FinishedSpan;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.messaging.Message;

/** Traces that go on at the listeners of broadcasts. */
class TracedMessagesTest {

    private final Traces traces = new Traces();

    /** What the listener's message has to be like. */
    private Consumer<Message<String>> check = message -> {};

    static class Listener {
        final List<Message<String>> received = new CopyOnWriteArrayList<>();

        @CamureListener(group = "files", id = "board")
        void on(Message<String> message) {
            received.add(message);
        }

        Message<String> only() {
            await().atMost(TestSession.SOON).until(() -> received.size() == 1);
            return received.get(0);
        }
    }

    /** Meets all others when it has been sent a message. */
    static class MeetingListener {

        @Autowired
        private Map<String, Barrier> barriers;

        @CamureListener(group = "files", id = "meeting")
        void on(String content) throws InterruptedException {
            barriers.get("start-line").await();
        }
    }

    private ApplicationContextRunner member(ApplicationContext coordinator, String name, Maker maker) {
        return traces.of(TestSession.memberOf(coordinator), maker).withPropertyValues("camure.name=" + name);
    }

    private ApplicationContextRunner coordinator(Maker maker) {
        return traces.of(TestSession.coordinator(), maker);
    }

    @ParameterizedTest
    @EnumSource(Maker.class)
    void oneTraceFromARequestToEachListenerAndThroughARound(Maker maker) {
        coordinator(maker)
                .withPropertyValues(
                        "camure.groups.files.expected-members=2", "camure.groups.start-line.expected-members=2")
                .run(coordinator -> member(coordinator, "first", maker)
                        .withBean(MeetingListener.class)
                        .run(first -> member(coordinator, "second", maker)
                                .withBean(MeetingListener.class)
                                .run(second -> {
                                    CompletableFuture<Round> there = Traces.request(coordinator, true, () -> {
                                        coordinator
                                                .getBean(CamureTemplate.class)
                                                .send("files", "go");
                                        return coordinator
                                                .getBean("start-line", Barrier.class)
                                                .awaitAsync();
                                    });
                                    assertThat(there).succeedsWithin(TestSession.SOON);
                                    requireOneTrace();
                                })));
    }

    private void requireOneTrace() {
        FinishedSpan request = traces.named("request", 1).get(0);
        FinishedSpan send = traces.named("send files", 1).get(0);
        List<FinishedSpan> processed = traces.named("process files", 2);
        FinishedSpan round = traces.named("round start-line", 1).get(0);
        List<FinishedSpan> awaits = traces.named("await start-line", 3);

        traces.assertAllInTheTraceOfTheCaller();
        assertThat(send.getParentId()).isEqualTo(request.getSpanId());
        assertThat(send.getKind()).isEqualTo(Span.Kind.PRODUCER);
        assertThat(processed).allSatisfy(process -> {
            assertThat(process.getParentId()).isEqualTo(send.getSpanId());
            assertThat(process.getKind()).isEqualTo(Span.Kind.CONSUMER);
        });
        assertThat(awaits)
                .filteredOn(wait -> !wait.getTags().get("camure.node").equals("coordinator"))
                .extracting(FinishedSpan::getParentId)
                .containsExactlyInAnyOrderElementsOf(
                        processed.stream().map(FinishedSpan::getSpanId).toList());
        assertThat(round.getLinks()).hasSize(3);
    }

    private void exchange(Maker maker, boolean sampled, String... properties) {
        coordinator(maker)
                .withPropertyValues(properties)
                .run(coordinator -> member(coordinator, "member", maker)
                        .withBean(Listener.class)
                        .withPropertyValues(properties)
                        .run(member -> {
                            Traces.request(coordinator, sampled, () -> {
                                coordinator.getBean(CamureTemplate.class).send("files", "go");
                                return true;
                            });
                            check.accept(member.getBean(Listener.class).only());
                        }));
    }

    @ParameterizedTest
    @CsvSource({
        "OPEN_TELEMETRY, W3C",
        "BRAVE, W3C",
        "OPEN_TELEMETRY, B3",
        "BRAVE, B3",
        "OPEN_TELEMETRY, B3_MULTI",
        "BRAVE, B3_MULTI"
    })
    void whateverFormatTracersUseTheTraceIsTheSameHeader(Maker maker, String format) {
        check = message -> assertThat(message.getHeaders().get(Headers.TRACEPARENT, String.class))
                .startsWith("00-" + Traces.TRACE)
                .endsWith("-01");
        exchange(maker, true, "management.tracing.propagation.type=" + format);
    }

    @ParameterizedTest
    @EnumSource(Maker.class)
    void nothingIsSentOfATraceThatIsNotSampled(Maker maker) {
        check = message -> assertThat(message.getHeaders()).doesNotContainKey(Headers.TRACEPARENT);
        exchange(maker, false);
        assertThat(traces.spans).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Maker.class)
    void otherFieldsGoWithAMessageOnlyIfTheyAreAskedFor(Maker maker) {
        for (boolean asked : new boolean[] {false, true}) {
            String[] properties = {
                "management.tracing.baggage.remote-fields=tenant",
                asked ? "camure.observation.propagated-fields=Tenant,baggage" : "camure.observation.rounds=sampled"
            };
            coordinator(maker)
                    .withPropertyValues(properties)
                    .run(coordinator -> member(coordinator, "member", maker)
                            .withPropertyValues(properties)
                            .withBean(BaggageListener.class)
                            .run(member -> {
                                Traces.request(coordinator, true, () -> {
                                    Tracer tracer = coordinator.getBean(Tracer.class);
                                    BaggageInScope tenant = tracer.createBaggageInScope("tenant", "acme");
                                    coordinator.getBean(CamureTemplate.class).send("files", "go");
                                    tenant.close();
                                    return true;
                                });
                                BaggageListener listener = member.getBean(BaggageListener.class);
                                await().atMost(TestSession.SOON).until(() -> listener.tenants.size() == 1);
                                assertThat(listener.tenants.get(0)).isEqualTo(asked ? "acme" : "none");
                            }));
        }
    }

    static class BaggageListener {
        final List<String> tenants = new CopyOnWriteArrayList<>();

        @Autowired
        private Tracer tracer;

        @CamureListener(group = "files", id = "tenant")
        void on(String content) {
            String tenant = tracer.getBaggage("tenant").get();
            tenants.add(tenant == null ? "none" : tenant);
        }
    }

    /** Whatever the application says of its own stays. */
    @Test
    void headersOfTheApplicationGoBesideTheTrace() {
        coordinator(Maker.OPEN_TELEMETRY)
                .run(coordinator -> member(coordinator, "member", Maker.OPEN_TELEMETRY)
                        .withBean(Listener.class)
                        .run(member -> {
                            Headers given = Headers.builder().type("rate").build();
                            Traces.request(coordinator, true, () -> {
                                coordinator
                                        .getBean("files", BroadcastGroup.class)
                                        .send("go".getBytes(StandardCharsets.UTF_8), given);
                                return true;
                            });
                            assertThat(member.getBean(Listener.class).only().getHeaders())
                                    .containsEntry(Headers.TYPE, "rate")
                                    .containsKey(Headers.TRACEPARENT);
                        }));
    }

    /** No message is refused for the sake of a trace. */
    @Test
    void headersThatLeaveNoRoomForTheTraceGoWithoutIt() {
        coordinator(Maker.BRAVE)
                .run(coordinator -> member(coordinator, "member", Maker.BRAVE)
                        .withBean(Listener.class)
                        .run(member -> {
                            Headers full = Headers.of("x", "y".repeat(Headers.MAXIMUM_BYTES - 5));
                            Traces.request(coordinator, true, () -> {
                                coordinator
                                        .getBean("files", BroadcastGroup.class)
                                        .send("go".getBytes(StandardCharsets.UTF_8), full);
                                return true;
                            });
                            assertThat(member.getBean(Listener.class).only().getHeaders())
                                    .containsKey("x")
                                    .doesNotContainKey(Headers.TRACEPARENT);
                        }));
    }

    @Test
    void withoutATracerNothingIsSent() {
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator)
                        .withBean(Listener.class)
                        .run(member -> {
                            long sent = bytesOfOne(coordinator, member, "go");
                            assertThat(sent).isEqualTo("go".length());
                        }));
    }

    private static long bytesOfOne(ApplicationContext coordinator, ApplicationContext member, String text)
            throws InterruptedException {
        BroadcastGroup group = coordinator.getBean("files", BroadcastGroup.class);
        long before = group.bytesSent();
        group.send(text.getBytes(StandardCharsets.UTF_8));
        member.getBean(Listener.class).only();
        return group.bytesSent() - before;
    }
}
