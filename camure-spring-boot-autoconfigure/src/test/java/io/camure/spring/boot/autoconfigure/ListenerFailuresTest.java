package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.spring.CamureListener;
import io.camure.spring.CamureListenerErrorHandler;
import io.camure.spring.MessageTooLargeException;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConverter;

/** Whatever goes wrong with a message is told to the error handler, as an event, and by a meter. */
class ListenerFailuresTest {

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    static class Handler implements CamureListenerErrorHandler {

        final List<Throwable> failures = new CopyOnWriteArrayList<>();

        @Override
        public void handleError(
                io.camure.spring.CamureListenerEndpoint listener, Message<?> message, Throwable failure) {
            failures.add(failure);
        }
    }

    static class BytesListener extends ReceivingListener {
        @CamureListener(group = "files", errorHandler = "handler")
        void on(byte[] content) {
            queue.add(content.length + " bytes");
        }
    }

    private static ApplicationContextRunner memberOf(ApplicationContext coordinator) {
        return TestSession.metered(TestSession.memberOf(coordinator)).withBean("handler", Handler.class);
    }

    private static void assertSeenByAll(
            ApplicationContext member, ReceivingListener listener, Class<? extends Throwable> type) {
        await().atMost(TestSession.SOON)
                .untilAsserted(() -> assertThat(listener.failures)
                        .singleElement()
                        .satisfies(event -> assertThat(event.failure()).isInstanceOf(type)));
        assertThat(member.getBean(Handler.class).failures)
                .singleElement()
                .isSameAs(listener.failures.get(0).failure());
        assertThat(member.getBean(MeterRegistry.class)
                        .get("camure.listener")
                        .tag("result", "failure")
                        .timer()
                        .count())
                .isOne();
    }

    @Test
    void aMessageThatIsTooLargeToBeReadWhole() {
        TestSession.coordinator()
                .run(coordinator -> memberOf(coordinator)
                        .withPropertyValues("camure.member.maximum-message-size=10B")
                        .withBean(BytesListener.class)
                        .run(member -> {
                            BytesListener listener = member.getBean(BytesListener.class);
                            TestSession.send(coordinator, "files", "0123456789x", "0123456789");
                            assertThat(listener.next()).isEqualTo("10 bytes");
                            assertSeenByAll(member, listener, MessageTooLargeException.class);
                            assertThat(listener.failures.get(0).failure())
                                    .hasMessageContainingAll(
                                            "more than 10 bytes", "camure.member.maximum-message-size", "InputStream");
                        }));
    }

    static class StreamListener extends ReceivingListener {
        @CamureListener(group = "files", errorHandler = "handler")
        void on(InputStream content) throws Exception {
            queue.add(content.readAllBytes().length + " bytes");
        }
    }

    @Test
    void aStreamMayHaveAnySize() {
        TestSession.coordinator()
                .run(coordinator -> memberOf(coordinator)
                        .withPropertyValues("camure.member.maximum-message-size=10B")
                        .withBean(StreamListener.class)
                        .run(member -> {
                            TestSession.send(coordinator, "files", "0123456789x");
                            assertThat(member.getBean(StreamListener.class).next())
                                    .isEqualTo("11 bytes");
                        }));
    }

    /** Asks for more memory than there is. */
    static class GreedyConverter implements MessageConverter {

        @Override
        public Object fromMessage(Message<?> message, Class<?> type) {
            throw new OutOfMemoryError("on purpose");
        }

        @Override
        public @Nullable Message<?> toMessage(Object payload, @Nullable MessageHeaders headers) {
            return null;
        }
    }

    static class ObjectListener extends ReceivingListener {
        @CamureListener(group = "files", errorHandler = "handler", condition = "")
        void on(DurationStyle content) {}
    }

    @Test
    void anErrorWhileTheContentIsConverted() {
        TestSession.coordinator()
                .run(coordinator -> memberOf(coordinator)
                        .withBean(GreedyConverter.class)
                        .withBean(ObjectListener.class)
                        .run(member -> {
                            TestSession.send(coordinator, "files", "x");
                            assertSeenByAll(member, member.getBean(ObjectListener.class), OutOfMemoryError.class);
                        }));
    }

    static class BadConditionListener extends ReceivingListener {
        @CamureListener(group = "files", errorHandler = "handler", condition = "#content.nothing")
        void on(String content) {}
    }

    @Test
    void aConditionThatCanNotBeEvaluated() {
        TestSession.coordinator()
                .run(coordinator -> memberOf(coordinator)
                        .withBean(BadConditionListener.class)
                        .run(member -> {
                            TestSession.send(coordinator, "files", "x");
                            assertSeenByAll(
                                    member,
                                    member.getBean(BadConditionListener.class),
                                    org.springframework.messaging.MessagingException.class);
                            assertThat(member.getBean(BadConditionListener.class)
                                            .failures
                                            .get(0)
                                            .failure())
                                    .hasMessageContainingAll(
                                            "BadConditionListener.on",
                                            "condition = #content.nothing",
                                            "can't be evaluated")
                                    .hasCauseInstanceOf(org.springframework.expression.EvaluationException.class);
                        }));
    }

    @Test
    void aSizeThatIsNoneIsRefused() {
        for (String size : List.of("0B", "4GB")) {
            TestSession.member(9)
                    .withPropertyValues("camure.member.maximum-message-size=" + size)
                    .run(context -> assertThat(context)
                            .getFailure()
                            .hasMessageContaining("camure.member.maximum-message-size"));
        }
    }
}
