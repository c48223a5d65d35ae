package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.camure.spring.CamureListener;
import io.camure.spring.CamureTemplate;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.messaging.support.MessageBuilder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What wraps a payload instead of being one is refused, with what to send or to take instead. */
class PayloadRefusalTest {

    record Price(String symbol, int cents) {}

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    @Test
    void whatWrapsIsRefused() {
        TestSession.json(TestSession.coordinator()).run(coordinator -> {
            CamureTemplate template = coordinator.getBean(CamureTemplate.class);
            Flow.Publisher<String> flow = subscriber -> {};
            Supplier<String> supplier = () -> "";
            Callable<String> callable = () -> "";
            Map<Object, String> wrappers = new java.util.LinkedHashMap<>();
            wrappers.put(Optional.of("x"), "the value that it holds");
            wrappers.put(Optional.empty(), "the value that it holds");
            wrappers.put(OptionalInt.of(1), "the value that it holds");
            wrappers.put(CompletableFuture.completedFuture("x"), "what it completes with");
            wrappers.put(new FutureTask<>(callable), "what it completes with");
            wrappers.put(Mono.just("x"), "what it emits");
            wrappers.put(Flux.just("x"), "what it emits");
            wrappers.put(flow, "what it emits");
            wrappers.put(io.reactivex.rxjava3.core.Single.just("x"), "what it emits");
            wrappers.put(Stream.of("x"), "a List of its elements");
            wrappers.put(List.of("x").iterator(), "a List of its elements");
            wrappers.put(supplier, "what it gives");
            wrappers.put(callable, "what it gives");
            wrappers.put(new ByteArrayInputStream(new byte[1]), "its bytes as byte[]");
            wrappers.put(new ByteArrayResource(new byte[1]), "its bytes as byte[]");
            wrappers.put(new StringReader("x"), "its text as String");
            wrappers.put(ByteBuffer.allocate(1), "its bytes as byte[]");
            wrappers.put(new GenericMessage<>(new GenericMessage<>("x")), "its payload");
            wrappers.put(MessageBuilder.withPayload(Optional.of("x")).build(), "the value that it holds");
            wrappers.forEach((wrapper, meant) -> assertThatExceptionOfType(MessageConversionException.class)
                    .as("%s", wrapper)
                    .isThrownBy(() -> template.send("files", wrapper))
                    .withMessageContainingAll("wraps", "send " + meant));
        });
    }

    @Test
    void aPayloadTypeThatWrapsIsRefused() {
        TestSession.coordinator()
                .withPropertyValues("camure.groups.files.payload-type=java.util.Optional")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContainingAll(
                                "camure.groups.files.payload-type is java.util.Optional", "the value that it holds"));
    }

    static class TakesOptional {
        @CamureListener("files")
        void on(Optional<Price> content) {}
    }

    static class TakesMono {
        @CamureListener("files")
        void on(Message<Mono<Price>> content) {}
    }

    static class TakesFuture {
        @CamureListener("files")
        void on(CompletableFuture<Price> content) {}
    }

    static class TakesReader {
        @CamureListener("files")
        void on(java.io.Reader content) {}
    }

    static class TakesByteArrayInputStream {
        @CamureListener("files")
        void on(ByteArrayInputStream content) {}
    }

    static class TakesBuilder {
        @CamureListener("files")
        void on(StringBuilder content) {}
    }

    abstract static class Base<T> {
        @CamureListener("files")
        void on(Message<T> content) {}
    }

    static class TakesStreamInMessage extends Base<InputStream> {}

    @Test
    void aParameterThatWrapsIsRefused() {
        Map.of(
                        TakesOptional.class, "Take the value that it holds",
                        TakesMono.class, "Take what it emits",
                        TakesFuture.class, "Take what it completes with",
                        TakesReader.class, "Take byte[], String or InputStream",
                        TakesByteArrayInputStream.class, "Take InputStream itself",
                        TakesBuilder.class, "Take String",
                        TakesStreamInMessage.class, "take that alone")
                .forEach((type, remedy) -> TestSession.json(TestSession.member(9))
                        .withBean(type)
                        .run(context -> assertThat(context).getFailure().hasMessageContainingAll(".on", remedy)));
    }
}
