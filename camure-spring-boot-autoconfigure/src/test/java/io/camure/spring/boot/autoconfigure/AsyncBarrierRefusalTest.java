package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.spring.CamureBarrier;
import io.camure.spring.CamureBarrier.When;
import io.camure.spring.CamureConfigurationException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kotlin.coroutines.Continuation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Barriers around methods whose results come later, in a way that nobody can wait for. */
class AsyncBarrierRefusalTest {

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    abstract static class Generic<T> {

        abstract T result();

        @CamureBarrier(group = "finish", when = When.AFTER)
        public T step() {
            return result();
        }
    }

    static class GenericFuture extends Generic<Future<String>> {
        @Override
        Future<String> result() {
            return new FutureTask<>(() -> "");
        }
    }

    static class OwnFuture extends CompletableFuture<String> {}

    static class ReturnsOwnFuture {
        @CamureBarrier("finish")
        public OwnFuture step() {
            return new OwnFuture();
        }
    }

    static class ReturnsFuture {
        @CamureBarrier("finish")
        public Future<String> step() {
            return new FutureTask<>(() -> "");
        }
    }

    static class ReturnsCallable {
        @CamureBarrier(group = "finish", when = When.AFTER)
        public Callable<String> step() {
            return () -> "";
        }
    }

    static class ReturnsSupplier {
        @CamureBarrier(group = "finish", when = When.AFTER)
        public Supplier<String> step() {
            return () -> "";
        }
    }

    static class ReturnsStream {
        @CamureBarrier(group = "finish", when = When.AFTER)
        public Stream<String> step() {
            return Stream.of();
        }
    }

    static class Suspending {
        @CamureBarrier("finish")
        public Object step(Continuation<String> continuation) {
            return "";
        }
    }

    @Test
    void whatCanNotBeWaitedForKeepsTheApplicationFromStarting() {
        for (Class<?> type : List.of(
                GenericFuture.class,
                ReturnsOwnFuture.class,
                ReturnsFuture.class,
                ReturnsCallable.class,
                ReturnsSupplier.class,
                ReturnsStream.class,
                Suspending.class)) {
            TestSession.coordinator()
                    .withBean(type)
                    .run(context -> assertThat(context)
                            .as("%s", type)
                            .getFailure()
                            .isInstanceOf(CamureConfigurationException.class)
                            .hasMessageContainingAll("step has @CamureBarrier, but", "Return a CompletableFuture"));
        }
    }
}
