package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.camure.BroadcastReceiver;
import io.camure.spring.CamureHeaders;
import io.camure.spring.CamureListener;
import io.camure.spring.CamureTemplate;
import io.camure.spring.ListenerFailedEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.JacksonJsonMessageConverter;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.support.MessageBuilder;

/** What is in a message, from the object that is sent to the one that a listener gets. */
class PayloadTest {

    record Price(String symbol, int cents) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Circle.class, name = "circle"),
        @JsonSubTypes.Type(value = Square.class, name = "square")
    })
    sealed interface Shape {}

    record Circle(int radius) implements Shape {}

    record Square(int side) implements Shape {}

    record Box<T>(T content) {}

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    abstract static class Received {

        final BlockingQueue<Object> queue = new LinkedBlockingQueue<>();

        @EventListener
        void on(ListenerFailedEvent failed) {
            queue.add(failed.failure());
        }

        Object next() throws InterruptedException {
            return queue.poll(TestSession.SOON.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private interface Exchange {
        void run(CamureTemplate template, Received received, ApplicationContext coordinator) throws Exception;
    }

    private static void between(Class<? extends Received> listener, Exchange test) {
        TestSession.json(TestSession.coordinator())
                .run(coordinator -> TestSession.json(TestSession.memberOf(coordinator))
                        .withBean(listener)
                        .run(member -> {
                            assertThat(member).hasNotFailed();
                            test.run(coordinator.getBean(CamureTemplate.class), member.getBean(listener), coordinator);
                        }));
    }

    static class PriceListener extends Received {
        @CamureListener("files")
        void on(Price price) {
            queue.add(price);
        }
    }

    @Test
    void thePayloadOfAMessageIsSent() {
        between(PriceListener.class, (template, received, coordinator) -> {
            Price price = new Price("CMR", 74);
            template.send("files", MessageBuilder.withPayload(price).build());
            assertThat(received.next()).isEqualTo(price);
            // As a listener has got it.
            template.send(
                    "files",
                    MessageBuilder.withPayload(price)
                            .setHeader(CamureHeaders.GROUP, "others")
                            .setHeader("contentType", "application/json")
                            .build());
            assertThat(received.next()).isEqualTo(price);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> template.send(
                            "files",
                            MessageBuilder.withPayload(price)
                                    .setHeader("answerTo", new Object())
                                    .build()))
                    .withMessageContainingAll("'answerTo'", "'files'", "can't be carried");
        });
    }

    static class BytesListener extends Received {
        @CamureListener("files")
        void on(byte[] content) {
            queue.add(new String(content, StandardCharsets.UTF_8));
        }
    }

    static class TextListener extends Received {
        @CamureListener("files")
        void on(String content) {
            queue.add(content);
        }
    }

    static class CharSequenceListener extends Received {
        @CamureListener("files")
        void on(Message<CharSequence> content) {
            queue.add(content.getPayload().toString());
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {BytesListener.class, TextListener.class, CharSequenceListener.class})
    void bytesAndTextStayWhatTheyAreWhateverConvertersThereAre(Class<? extends Received> listener) {
        TestSession.coordinator()
                .withBean(JacksonJsonMessageConverter.class)
                .run(coordinator -> TestSession.memberOf(coordinator)
                        .withBean(JacksonJsonMessageConverter.class)
                        .withBean(listener)
                        .run(member -> {
                            CamureTemplate template = coordinator.getBean(CamureTemplate.class);
                            for (Object payload : new Object[] {
                                "grüezi", "grüezi".getBytes(StandardCharsets.UTF_8), new StringBuilder("grüezi")
                            }) {
                                template.send("files", payload);
                                assertThat(member.getBean(listener).next()).isEqualTo("grüezi");
                            }
                        }));
    }

    @Test
    void othersReadBytesAndTextAsTheyWereSent() {
        TestSession.coordinator()
                .withBean(JacksonJsonMessageConverter.class)
                .run(coordinator -> TestSession.memberOf(coordinator).run(member -> {
                    coordinator.getBean(CamureTemplate.class).send("files", new byte[] {1, 2, 3});
                    assertThat(member.getBean(BroadcastReceiver.class)
                                    .receive(TestSession.SOON)
                                    .orElseThrow()
                                    .bytes())
                            .containsExactly(1, 2, 3);
                }));
    }

    static class ShapesListener extends Received {
        @CamureListener("files")
        void on(List<Shape> shapes) {
            queue.add(shapes);
        }
    }

    static class ShapesByNameListener extends Received {
        @CamureListener("files")
        void on(Map<String, List<Shape>> shapes) {
            queue.add(shapes);
        }
    }

    static class BoxListener extends Received {
        @CamureListener("files")
        void on(Box<Shape> box) {
            queue.add(box);
        }
    }

    @Test
    void theElementsOfContainersKeepTheirTypes() {
        List<Shape> shapes = List.of(new Circle(1), new Square(2));
        between(ShapesListener.class, (template, received, coordinator) -> {
            template.send("files", shapes);
            assertThat(received.next()).isEqualTo(shapes);
            template.send("files", shapes.toArray());
            assertThat(received.next()).isEqualTo(shapes);
            template.send("files", List.of());
            assertThat(received.next()).isEqualTo(List.of());
        });
        Map<String, List<Shape>> named = Map.of("all", shapes);
        between(ShapesByNameListener.class, (template, received, coordinator) -> {
            template.send("files", named);
            assertThat(received.next()).isEqualTo(named);
        });
    }

    @Test
    void whatOnlyAGenericTypeSaysCanBeSaid() {
        ParameterizedTypeReference<Box<Shape>> type = new ParameterizedTypeReference<>() {};
        between(BoxListener.class, (template, received, coordinator) -> {
            Box<Shape> box = new Box<>(new Circle(1));
            template.send("files", box, type);
            assertThat(received.next()).isEqualTo(box);
            template.sender("files", type).send(box);
            assertThat(received.next()).isEqualTo(box);
        });
    }

    static class MayBeNothing extends Received {
        @CamureListener("files")
        void on(@Payload(required = false) @Nullable Price price) {
            queue.add(price == null ? "nothing" : price);
        }
    }

    static class NullableListener extends Received {
        @CamureListener("files")
        void on(@Nullable Price price) {
            queue.add(price == null ? "nothing" : price);
        }
    }

    @Test
    void nothingIsTakenByWhoCanTakeIt() {
        for (Class<? extends Received> listener : List.of(MayBeNothing.class, NullableListener.class)) {
            between(listener, (template, received, coordinator) -> {
                TestSession.send(coordinator, "files", "null", "");
                assertThat(received.next()).isEqualTo("nothing");
                assertThat(received.next()).isEqualTo("nothing");
            });
        }
        between(PriceListener.class, (template, received, coordinator) -> {
            TestSession.send(coordinator, "files", "null");
            assertThat((Throwable) received.next())
                    .hasMessageContainingAll("null in JSON", Price.class.getName(), "@Payload(required = false)");
        });
    }

    static class ObjectListener extends Received {
        @CamureListener("files")
        void on(Object content) {
            queue.add(content);
        }
    }

    static class MessageOfObjectListener extends Received {
        @CamureListener("files")
        void on(Message<Object> message) {
            queue.add(message.getPayload());
        }
    }

    static class MessageOfAnythingListener extends Received {
        @CamureListener("files")
        void on(Message<?> message) {
            queue.add(new String((byte[]) message.getPayload(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void anObjectIsWhatJsonSays() {
        for (Class<? extends Received> listener : List.of(ObjectListener.class, MessageOfObjectListener.class)) {
            between(listener, (template, received, coordinator) -> {
                template.send("files", new Price("CMR", 74));
                assertThat(received.next()).isEqualTo(Map.of("symbol", "CMR", "cents", 74));
            });
        }
        between(MessageOfAnythingListener.class, (template, received, coordinator) -> {
            TestSession.send(coordinator, "files", "as it is");
            assertThat(received.next()).isEqualTo("as it is");
        });
    }

    static class ExpensiveListener extends Received {
        @CamureListener(group = "files", condition = "payload.cents > 100 and headers['camure_group'] == 'files'")
        void on(Price price) {
            queue.add(price);
        }
    }

    static class ExpensiveMessageListener extends Received {
        @CamureListener(group = "files", condition = "payload.cents > 100")
        void on(Message<Price> price) {
            queue.add(price.getPayload());
        }
    }

    @Test
    void aConditionSeesWhatTheMethodTakes() {
        for (Class<? extends Received> listener : List.of(ExpensiveListener.class, ExpensiveMessageListener.class)) {
            between(listener, (template, received, coordinator) -> {
                template.send("files", new Price("A", 1));
                template.send("files", new Price("B", 101));
                assertThat(received.next()).isEqualTo(new Price("B", 101));
            });
        }
    }
}
