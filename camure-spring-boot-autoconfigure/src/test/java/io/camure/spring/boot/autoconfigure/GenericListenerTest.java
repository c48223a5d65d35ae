package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.spring.CamureListener;
import io.camure.spring.ListenerFailedEvent;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Positive;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.event.EventListener;
import org.springframework.messaging.Message;
import tools.jackson.databind.json.JsonMapper;

/** Listeners whose class says what the parameter of an inherited method is. */
class GenericListenerTest {

    record Price(String symbol, @Positive int cents) {}

    private static final BlockingQueue<Object> RECEIVED = new LinkedBlockingQueue<>();

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
        assertThat(RECEIVED).isEmpty();
    }

    static class Failures {
        @EventListener
        void on(ListenerFailedEvent event) {
            RECEIVED.add(event.failure());
        }
    }

    private static ApplicationContextRunner withJson(ApplicationContextRunner runner) {
        return runner.withConfiguration(
                AutoConfigurations.of(JacksonAutoConfiguration.class, ValidationAutoConfiguration.class));
    }

    private static void assertReceives(
            java.util.function.UnaryOperator<ApplicationContextRunner> listener, String sent, Object received) {
        TestSession.coordinator()
                .run(coordinator -> listener.apply(withJson(TestSession.memberOf(coordinator)))
                        .withBean(Failures.class)
                        .run(member -> {
                            assertThat(member).hasNotFailed();
                            TestSession.send(coordinator, "files", sent);
                            assertThat(next()).isEqualTo(received);
                        }));
    }

    private static Object next() throws InterruptedException {
        return RECEIVED.poll(TestSession.SOON.toSeconds(), TimeUnit.SECONDS);
    }

    abstract static class Base<T> {
        @CamureListener("files")
        public void on(T content) throws IOException {
            RECEIVED.add(
                    content instanceof InputStream stream
                            ? new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                            : content);
        }
    }

    static class OfStream extends Base<InputStream> {}

    static class OfText extends Base<String> {}

    static class OfPrices extends Base<List<Price>> {}

    abstract static class BaseOfMessages<T> {
        @CamureListener("files")
        void on(Message<T> content) {
            RECEIVED.add(content.getPayload());
        }
    }

    static class OfMessages extends BaseOfMessages<Price> {}

    @Test
    void theParameterIsWhatTheClassOfTheBeanSays() {
        assertReceives(member -> member.withBean(OfStream.class), "text", "text");
        assertReceives(member -> member.withBean(OfText.class), "text", "text");
        Price price = new Price("A", 1);
        assertReceives(
                member -> member.withBean(OfPrices.class), "[{\"symbol\": \"A\", \"cents\": 1}]", List.of(price));
        assertReceives(member -> member.withBean(OfMessages.class), "{\"symbol\": \"A\", \"cents\": 1}", price);
    }

    interface Hearing<T> {
        @CamureListener("files")
        void hear(T content);
    }

    static class HearingPrices implements Hearing<Price> {
        @Override
        public void hear(Price price) {
            RECEIVED.add(price);
        }
    }

    @Test
    void theParameterOfAProxyByInterfacesIsThatOfItsTarget() {
        assertReceives(
                member -> member.withBean("listener", Hearing.class, () -> {
                    ProxyFactory factory = new ProxyFactory(new HearingPrices());
                    factory.setProxyTargetClass(false);
                    return (Hearing<?>) factory.getProxy();
                }),
                "{\"symbol\": \"A\", \"cents\": 1}",
                new Price("A", 1));
    }

    abstract static class Validating<T> {
        @CamureListener("files")
        void on(@Valid Message<T> content) {
            RECEIVED.add(content.getPayload());
        }
    }

    static class ValidatingPrices extends Validating<Price> {}

    @Test
    void thePayloadOfAMessageIsValidated() {
        TestSession.coordinator()
                .run(coordinator -> withJson(TestSession.memberOf(coordinator))
                        .withBean(ValidatingPrices.class)
                        .withBean(Failures.class)
                        .run(member -> {
                            TestSession.send(coordinator, "files", "{\"symbol\": \"A\", \"cents\": 0}");
                            assertThat((Throwable) next()).hasMessageContaining("cents");
                        }));
    }

    static class OfOptional extends Base<Optional<String>> {}

    static class QueueOfStreams extends BaseWithQueue<InputStream> {}

    abstract static class BaseWithQueue<T> {
        @CamureListener(group = "files", queueCapacity = "10")
        void on(T content) {}
    }

    @Test
    void whatTheClassOfTheBeanMakesImpossibleIsRefused() {
        withJson(TestSession.member(9))
                .withBean(OfOptional.class)
                .run(context -> assertThat(context).getFailure().hasMessageContaining("Take the value that it holds"));
        withJson(TestSession.member(9))
                .withBean(QueueOfStreams.class)
                .run(context -> assertThat(context).getFailure().hasMessageContaining("take the content as byte[]"));
        TestSession.member(9)
                .withClassLoader(new FilteredClassLoader(JsonMapper.class))
                .withBean(OfMessages.class)
                .run(context -> assertThat(context).getFailure().hasMessageContaining("to read Price from JSON"));
    }
}
