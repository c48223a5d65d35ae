package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.BroadcastGroup;
import io.camure.Coordinator;
import io.camure.Node;
import io.camure.spring.CamureHeaders;
import io.camure.spring.CamureListener;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Positive;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.AbstractMessageConverter;
import org.springframework.messaging.converter.CompositeMessageConverter;
import org.springframework.messaging.converter.JacksonJsonMessageConverter;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;

/** What a listener's method can ask for. */
class ListenerArgumentsTest {

    record Price(String symbol, @Positive int cents) {}

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    static class Received {

        final BlockingQueue<Object> queue = new LinkedBlockingQueue<>();

        @Nullable
        Object next() throws InterruptedException {
            return queue.poll(TestSession.SOON.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static void send(ApplicationContext coordinator, String... messages) throws InterruptedException {
        for (String message : messages) {
            coordinator.getBean(BroadcastGroup.class).send(message.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static ApplicationContextRunner memberOf(ApplicationContext coordinator) {
        return TestSession.memberOf(coordinator)
                .withConfiguration(
                        AutoConfigurations.of(JacksonAutoConfiguration.class, ValidationAutoConfiguration.class));
    }

    static class HeaderListener extends Received {
        @CamureListener(group = "files")
        void on(
                String content,
                @Header(CamureHeaders.GROUP) String group,
                @Header(CamureHeaders.SESSION) String session,
                @Header(CamureHeaders.COORDINATOR) Node coordinator,
                @Header(CamureHeaders.SEQUENCE) long sequence) {
            queue.add(List.of(content, group, session, coordinator, sequence));
        }
    }

    @Test
    void headersSayWhereAMessageComesFrom() {
        TestSession.coordinator()
                .run(coordinator -> memberOf(coordinator)
                        .withBean(HeaderListener.class)
                        .run(member -> {
                            Coordinator sending = coordinator.getBean(Coordinator.class);
                            Node sender = new Node(sending.name(), sending.address(), sending.incarnation());
                            send(coordinator, "a", "b");
                            HeaderListener listener = member.getBean(HeaderListener.class);
                            assertThat(listener.next()).isEqualTo(List.of("a", "files", "default", sender, 1L));
                            assertThat(listener.next()).isEqualTo(List.of("b", "files", "default", sender, 2L));
                        }));
    }

    static class MessageListener extends Received {
        @CamureListener(group = "files")
        void on(Message<Price> message, MessageHeaders headers, @Headers java.util.Map<String, Object> all) {
            queue.add(message.getPayload());
            queue.add(headers.get(CamureHeaders.GROUP) + " " + all.get(CamureHeaders.GROUP));
        }
    }

    static class BytesMessageListener extends Received {
        @CamureListener(group = "files")
        void on(Message<byte[]> message) {
            queue.add(new String(message.getPayload(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void aMessageOfSpringHasTheContentAsItsPayload() {
        TestSession.coordinator()
                .run(coordinator -> memberOf(coordinator)
                        .withBean(MessageListener.class)
                        .run(member -> {
                            send(coordinator, "{\"symbol\": \"CMR\", \"cents\": 74}");
                            MessageListener listener = member.getBean(MessageListener.class);
                            assertThat(listener.next()).isEqualTo(new Price("CMR", 74));
                            assertThat(listener.next()).isEqualTo("files files");
                        }));
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator)
                        .withBean(BytesMessageListener.class)
                        .run(member -> {
                            send(coordinator, "", "x");
                            BytesMessageListener listener = member.getBean(BytesMessageListener.class);
                            assertThat(listener.next()).isEqualTo("");
                            assertThat(listener.next()).isEqualTo("x");
                        }));
    }

    static class ValidatingListener extends Received {
        @CamureListener(group = "files")
        void on(@Payload @Valid Price price) {
            queue.add(price);
        }
    }

    @Test
    void anObjectIsValidated() {
        TestSession.coordinator()
                .run(coordinator -> memberOf(coordinator)
                        .withBean(ValidatingListener.class)
                        .run(member -> {
                            send(coordinator, "{\"symbol\": \"A\", \"cents\": 0}", "{\"symbol\": \"B\", \"cents\": 1}");
                            assertThat(member.getBean(ValidatingListener.class).next())
                                    .isEqualTo(new Price("B", 1));
                        }));
    }

    /** The format of this application: A=1. */
    static class PriceConverter extends AbstractMessageConverter {

        @Override
        protected boolean supports(Class<?> type) {
            return type == Price.class;
        }

        @Override
        protected Object convertFromInternal(Message<?> message, Class<?> target, @Nullable Object hint) {
            String[] parts = new String((byte[]) message.getPayload(), StandardCharsets.UTF_8).split("=");
            return new Price(parts[0], Integer.parseInt(parts[1]));
        }
    }

    static class PriceListener extends Received {
        @CamureListener(group = "files")
        void on(Price price) {
            queue.add(price);
        }
    }

    @Test
    void aConverterOfTheApplicationComesBeforeJsonAndNeedsNoJackson() {
        TestSession.coordinator().run(coordinator -> {
            for (ApplicationContextRunner runner : List.of(memberOf(coordinator), TestSession.memberOf(coordinator))) {
                // As Spring Integration and STOMP have: it would take the content for JSON.
                runner.withBean(
                                CompositeMessageConverter.class,
                                () -> new CompositeMessageConverter(List.of(new JacksonJsonMessageConverter())))
                        .withBean(PriceConverter.class)
                        .withBean(PriceListener.class)
                        .run(member -> {
                            send(coordinator, "A=1");
                            assertThat(member.getBean(PriceListener.class).next())
                                    .isEqualTo(new Price("A", 1));
                        });
            }
        });
    }
}
