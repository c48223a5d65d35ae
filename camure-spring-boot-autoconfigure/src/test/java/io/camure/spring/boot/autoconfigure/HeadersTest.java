package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.camure.BroadcastGroup;
import io.camure.Headers;
import io.camure.spring.CamureListener;
import io.camure.spring.CamureListenerErrorHandler;
import io.camure.spring.CamureTemplate;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.AbstractMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.util.MimeType;

/** Headers of messages between applications: what senders give, converters say and listeners get. */
class HeadersTest {

    sealed interface Event permits Rate, Halt {}

    record Rate(String pair, int value) implements Event {}

    record Halt(String reason) implements Event {}

    private static final String[] TYPES = {
        "camure.groups.files.types.rate=" + Rate.class.getName(),
        "camure.groups.files.types.halt=" + Halt.class.getName()
    };

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    /** What listeners of a member get. */
    static class Received implements CamureListenerErrorHandler {

        final BlockingQueue<Object> queue = new LinkedBlockingQueue<>();
        final List<Throwable> failures = new CopyOnWriteArrayList<>();

        @Nullable
        Object next() throws InterruptedException {
            return queue.poll(TestSession.SOON.toSeconds(), TimeUnit.SECONDS);
        }

        @Override
        public void handleError(
                io.camure.spring.CamureListenerEndpoint listener, Message<?> message, Throwable failure) {
            failures.add(failure);
        }
    }

    private interface Between {
        void run(CamureTemplate template, ApplicationContext coordinator, Received received) throws Exception;
    }

    private static void between(Class<?> listener, String[] properties, Between test) {
        between(listener, properties, runner -> runner, test);
    }

    private static void between(
            Class<?> listener,
            String[] properties,
            java.util.function.UnaryOperator<ApplicationContextRunner> more,
            Between test) {
        more.apply(TestSession.json(TestSession.coordinator()))
                .withPropertyValues(properties)
                .run(coordinator -> more.apply(TestSession.json(TestSession.memberOf(coordinator)))
                        .withPropertyValues(properties)
                        .withBean("received", Received.class)
                        .withBean(listener)
                        .run(member -> test.run(
                                coordinator.getBean(CamureTemplate.class),
                                coordinator,
                                member.getBean(Received.class))));
    }

    record HeaderListener(Received received) {

        @CamureListener(group = "files", errorHandler = "received")
        void on(
                String content,
                MessageHeaders headers,
                @Header(name = "attempt", required = false) Integer attempt,
                @Header(name = "id", required = false) Object id) {
            received.queue.add(List.of(content, Map.copyOf(headers), String.valueOf(attempt), String.valueOf(id)));
        }
    }

    @Test
    void whatTheSenderGivesIsWhatListenersGet() {
        Instant expiry = Instant.ofEpochMilli(System.currentTimeMillis() + 600_000);
        UUID uuid = UUID.randomUUID();
        Message<String> message = MessageBuilder.withPayload("hello")
                .setHeader("key", "EUR/USD")
                .setHeader("type", "greeting")
                .setHeader("expiry", expiry.toEpochMilli())
                .setHeader("attempt", 3)
                .setHeader("request", uuid)
                .setHeader("unit", TimeUnit.DAYS)
                .setHeader("camure_group", "somewhere else")
                .build();
        between(HeaderListener.class, new String[0], (template, coordinator, received) -> {
            template.send("files", message);
            List<?> got = (List<?>) received.next();
            assertThat(got.get(0)).isEqualTo("hello");
            assertThat(got.get(1))
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.map(String.class, Object.class))
                    .containsEntry("key", "EUR/USD")
                    .containsEntry("type", "greeting")
                    .containsEntry("expiry", expiry)
                    .containsEntry("attempt", "3")
                    .containsEntry("request", uuid.toString())
                    .containsEntry("unit", "DAYS")
                    .containsEntry("camure_group", "files")
                    .doesNotContainKeys("id", "timestamp");
            assertThat(got.get(2)).isEqualTo("3");
        });
    }

    @Test
    void aMessageCanNotPassForOneOfThisApplication() {
        between(HeaderListener.class, new String[0], (template, coordinator, received) -> {
            Headers hostile = Headers.builder()
                    .header("id", "forged")
                    .header("replyChannel", "shell")
                    .header("camure_session", "forged")
                    .header("fine", "yes")
                    .build();
            coordinator.getBean(BroadcastGroup.class).send(new byte[0], hostile);
            List<?> got = (List<?>) received.next();
            assertThat(got.get(1))
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.map(String.class, Object.class))
                    .containsEntry("fine", "yes")
                    .containsEntry("camure_session", "default")
                    .doesNotContainKeys("id", "replyChannel");
        });
    }

    @Test
    void whatCanNotBeCarriedIsNamed() {
        TestSession.json(TestSession.coordinator()).run(coordinator -> {
            CamureTemplate template = coordinator.getBean(CamureTemplate.class);
            for (Object value : new Object[] {List.of(1), new Object()}) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> template.send(
                                "files",
                                MessageBuilder.withPayload("x")
                                        .setHeader("odd", value)
                                        .build()))
                        .withMessageContainingAll(
                                "'files'", "'odd'", value.getClass().getName());
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> template.send(
                            "files",
                            MessageBuilder.withPayload("x")
                                    .setHeader("long", "x".repeat(5000))
                                    .build()))
                    .withMessageContainingAll("'files'", "'long' with 5000 bytes", "4096");
        });
    }

    record EventListeners(Received received) {

        @CamureListener(id = "rates", group = "files", errorHandler = "received")
        void on(Rate rate) {
            received.queue.add(rate);
        }

        @CamureListener(id = "events", group = "files", errorHandler = "received")
        void on(Event event) {
            received.queue.add("any " + event);
        }
    }

    @Test
    void aListenerGetsMessagesOfTheTypesThatItTakes() {
        between(EventListeners.class, TYPES, (template, coordinator, received) -> {
            template.send("files", new Halt("holiday"));
            assertThat(received.next()).isEqualTo("any " + new Halt("holiday"));
            template.send("files", new Rate("EUR/USD", 117));
            assertThat(List.of(received.next(), received.next()))
                    .containsExactlyInAnyOrder(new Rate("EUR/USD", 117), "any " + new Rate("EUR/USD", 117));
            assertThat(received.failures).isEmpty();
        });
    }

    record RateListener(Received received) {

        @CamureListener(group = "files", errorHandler = "received")
        void on(Rate rate) {
            received.queue.add(rate);
        }
    }

    @Test
    void noClassIsUsedThatTheApplicationHasNotNamed() {
        between(RateListener.class, TYPES, (template, coordinator, received) -> {
            for (String type : List.of("unknown", Rate.class.getName())) {
                coordinator
                        .getBean(BroadcastGroup.class)
                        .send(
                                "{\"pair\":\"A\",\"value\":1}".getBytes(StandardCharsets.UTF_8),
                                Headers.of("type", type));
            }
            template.send("files", new Rate("B", 2));
            assertThat(received.next()).isEqualTo(new Rate("B", 2));
            assertThat(received.failures)
                    .hasSize(2)
                    .allSatisfy(failure -> assertThat(failure)
                            .hasMessageContaining("which is none of camure.groups.files.types: [halt, rate]"));
            assertThat(received.failures.get(0)).hasMessageContaining("'unknown'");
        });
    }

    record ConditionListener(Received received) {

        @CamureListener(group = "files", errorHandler = "received", condition = "headers['kind'] == 'rate'")
        void on(Rate rate) {
            received.queue.add(rate);
        }
    }

    @Test
    void aConditionOnHeadersPassesOverWhatCouldNotBeConverted() {
        between(ConditionListener.class, new String[0], (template, coordinator, received) -> {
            template.send("files", "this is no JSON");
            template.send(
                    "files",
                    MessageBuilder.withPayload("nor this")
                            .setHeader("kind", "text")
                            .build());
            template.send(
                    "files",
                    MessageBuilder.withPayload(new Rate("A", 1))
                            .setHeader("kind", "rate")
                            .build());
            assertThat(received.next()).isEqualTo(new Rate("A", 1));
            assertThat(received.failures).isEmpty();
        });
    }

    /** Reads and writes a pair and a value with a blank between them. */
    static class BlankConverter extends AbstractMessageConverter {

        BlankConverter() {
            super(new MimeType("text", "vnd.blank"));
        }

        @Override
        protected boolean supports(Class<?> type) {
            return type == Rate.class;
        }

        @Override
        protected Object convertFromInternal(Message<?> message, Class<?> type, @Nullable Object hint) {
            String[] parts = new String((byte[]) message.getPayload(), StandardCharsets.UTF_8).split(" ");
            return new Rate(parts[0], Integer.parseInt(parts[1]));
        }

        @Override
        protected Object convertToInternal(Object payload, @Nullable MessageHeaders headers, @Nullable Object hint) {
            Rate rate = (Rate) payload;
            return rate.pair() + " " + rate.value();
        }
    }

    private static ApplicationContextRunner withBlank(ApplicationContextRunner runner) {
        return runner.withBean("blank", MessageConverter.class, BlankConverter::new);
    }

    record ContentListener(Received received) {

        @CamureListener(group = "files", errorHandler = "received")
        void on(Rate rate, @Header(name = "contentType", required = false) Object contentType) {
            received.queue.add(rate + " " + contentType);
        }
    }

    @Test
    void theConverterThatHasMadeTheContentSaysSoAndReadsIt() {
        Rate rate = new Rate("A", 1);
        between(ContentListener.class, new String[0], HeadersTest::withBlank, (template, coordinator, received) -> {
            template.send("files", rate);
            assertThat(received.next()).isEqualTo(rate + " text/vnd.blank");
            template.send(
                    "files",
                    MessageBuilder.withPayload(rate)
                            .setHeader(MessageHeaders.CONTENT_TYPE, "application/json")
                            .build());
            assertThat(received.next()).isEqualTo(rate + " application/json");
            coordinator
                    .getBean(BroadcastGroup.class)
                    .send(
                            new byte[] {1},
                            Headers.builder().contentType("application/cbor").build());
            await().atMost(TestSession.SOON).until(() -> !received.failures.isEmpty());
            assertThat(received.failures)
                    .singleElement()
                    .satisfies(failure -> assertThat(failure).hasMessageContaining("content type application/cbor"));
        });
    }

    @Test
    void jsonThatIsSentByItselfHasNoHeaders() {
        between(ContentListener.class, new String[0], (template, coordinator, received) -> {
            template.send("files", new Rate("A", 1));
            assertThat(received.next()).isEqualTo(new Rate("A", 1) + " null");
            template.send("files", MessageBuilder.withPayload(new Rate("A", 1)).build());
            assertThat(received.next()).isEqualTo(new Rate("A", 1) + " application/json");
        });
    }
}
