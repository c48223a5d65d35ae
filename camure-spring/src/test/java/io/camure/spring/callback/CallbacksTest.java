package io.camure.spring.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.core.task.TaskDecorator;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/** Where callbacks run, with what context, and that none is lost with its executor. */
class CallbacksTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final ThreadPoolTaskExecutor executor = oneThread();
    private final CompletableFuture<String> source = new CompletableFuture<>();

    private static ThreadPoolTaskExecutor oneThread() {
        ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
        executor.setCorePoolSize(1);
        executor.setThreadNamePrefix("application-");
        executor.initialize();
        return executor;
    }

    @AfterEach
    void shutDown() {
        executor.shutdown();
        MDC.clear();
    }

    private CompletableFuture<String> handOver(Executor to, TaskDecorator... contexts) {
        return new Callbacks(() -> to, () -> List.of(contexts)).handOver(source, (value, failure) -> {});
    }

    @Test
    void callbacksHaveTheContextOfTheCallerAndTheThreadHasItsOwnAgain() throws Exception {
        ClassLoader ofTheThread = executor.submit(() -> Thread.currentThread().getContextClassLoader())
                .get();
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader mine = new URLClassLoader(new URL[0], before)) {
            Thread.currentThread().setContextClassLoader(mine);
            MDC.put("request", "42");
            CompletableFuture<List<Object>> seen = handOver(executor)
                    .thenApply(value -> List.of(
                            value,
                            Thread.currentThread().getName(),
                            Thread.currentThread().getContextClassLoader(),
                            MDC.get("request")));
            Thread.currentThread().setContextClassLoader(before);
            MDC.clear();

            source.complete("done");

            assertThat(seen).succeedsWithin(SOON).isEqualTo(List.of("done", "application-1", mine, "42"));
        }
        assertThat(executor.submit(() ->
                        Thread.currentThread().getContextClassLoader() == ofTheThread && MDC.get("request") == null))
                .succeedsWithin(SOON)
                .isEqualTo(true);
    }

    @Test
    void decoratorsAreAskedWhereTheFutureIsGivenAndNotWhereItIsCompleted() {
        Thread caller = Thread.currentThread();
        AtomicReference<Thread> decorated = new AtomicReference<>();
        CompletableFuture<String> future = handOver(executor, task -> {
            decorated.set(Thread.currentThread());
            return task;
        });
        executor.execute(() -> source.complete("done"));
        assertThat(future).succeedsWithin(SOON);
        assertThat(decorated).hasValue(caller);
    }

    @Test
    void anExecutorThatTakesNothingLosesNothing() {
        executor.shutdown();
        CompletableFuture<String> future = handOver(executor).thenApply(value -> value + "!");
        source.complete("done");
        assertThat(future).isCompletedWithValue("done!");
    }

    @Test
    void anExecutorThatIsShutDownMeanwhileLosesNothing() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch forever = new CountDownLatch(1);
        executor.execute(() -> {
            busy.countDown();
            try {
                forever.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        busy.await();
        CompletableFuture<String> future = handOver(executor).thenApply(value -> value + "!");
        source.complete("done");
        assertThat(future).isNotDone();

        executor.shutdown();

        assertThat(future).succeedsWithin(SOON).isEqualTo("done!");
    }

    @Test
    void aDecoratorThatFailsLosesNothing() {
        CompletableFuture<String> future = handOver(executor, task -> () -> {
            throw new IllegalStateException("on purpose");
        });
        source.complete("done");
        assertThat(future).succeedsWithin(SOON).isEqualTo("done");
    }

    @Test
    void theOnlyThreadOfTheExecutorCanWait() {
        CompletableFuture<String> waited = executor.submitCompletable(() -> {
            CompletableFuture<String> future = handOver(executor);
            source.complete("done");
            return future.get() + future.join();
        });
        assertThat(waited).succeedsWithin(SOON).isEqualTo("donedone");
    }

    @Test
    void soItCanWhereAFailureWouldBeLoggedIfNobodyAsked() {
        CompletableFuture<String> waited = executor.submitCompletable(() -> {
            CompletableFuture<String> future = new WatchedFuture<>(handOver(executor));
            ((WatchedFuture<String>) future).follow();
            source.complete("done");
            return future.get() + future.join() + future.get(1, TimeUnit.MINUTES);
        });
        assertThat(waited).succeedsWithin(SOON).isEqualTo("donedonedone");
    }

    @Test
    void whoCombinesFuturesHasAskedForEach() {
        WatchedFuture<String> future = new WatchedFuture<>(source);
        future.follow();
        CompletableFuture<Object> handled =
                CompletableFuture.allOf(future).handle((nothing, failure) -> failure.getCause());
        source.completeExceptionally(new IllegalStateException("on purpose"));
        assertThat(handled).isDone();
        assertThat(future.isAskedFor()).isTrue();
    }

    @Test
    void callbacksThatAreAskedForAsAsynchronousRunOnTheExecutor() {
        WatchedFuture<String> future = new WatchedFuture<>(handOver(executor));
        assertThat(future.defaultExecutor()).isSameAs(executor);
    }

    @Test
    void whatIsTimedIsToldBeforeAnybodyElse() {
        AtomicReference<Object> told = new AtomicReference<>();
        CompletableFuture<Object> future = new Callbacks(() -> executor, List::of)
                .handOver(source, (value, failure) -> told.set(value))
                .thenApply(value -> told.get());
        source.complete("done");
        assertThat(future).succeedsWithin(SOON).isEqualTo("done");
    }

    @Test
    void failuresAreGivenOnAsTheyAre() {
        CompletableFuture<String> future = handOver(executor);
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        future.whenComplete((value, failure) -> seen.complete(failure));
        IllegalStateException failure = new IllegalStateException("on purpose");
        source.completeExceptionally(failure);
        assertThat(seen).succeedsWithin(SOON).isSameAs(failure);
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(future::get)
                .withCause(failure);
    }

    @Test
    void whoCancelsCancelsTheWait() {
        handOver(executor).cancel(true);
        assertThat(source).isCancelled();
    }

    @Test
    void asynchronousCallbacksUseTheExecutorToo() {
        CompletableFuture<String> thread = handOver(executor)
                .thenApplyAsync(value -> Thread.currentThread().getName());
        source.complete("done");
        assertThat(thread).succeedsWithin(SOON).isEqualTo("application-1");
    }

    @Test
    void withoutAnExecutorTheThreadThatCompletesRunsThem() {
        CompletableFuture<Thread> thread = handOver(null).thenApply(value -> Thread.currentThread());
        source.complete("done");
        assertThat(thread).isCompletedWithValue(Thread.currentThread());
    }
}
