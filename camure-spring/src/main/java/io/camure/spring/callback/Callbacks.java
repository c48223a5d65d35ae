package io.camure.spring.callback;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.BeansException;
import org.springframework.core.task.TaskDecorator;

/**
 * Has callbacks of futures run by the application's executor, with the context of whom the future was given: its context class
 * loader, the {@linkplain org.slf4j.MDC MDC}, and what the application's {@link TaskDecorator}s carry over. Thread-safe.
 */
public final class Callbacks {

    private static final Logger log = LoggerFactory.getLogger(Callbacks.class);

    private final Supplier<? extends @Nullable Executor> executor;
    private final Supplier<List<TaskDecorator>> contexts;

    /**
     * @param executor asked at each call; without one, and when it takes no more, callbacks run by the thread that completes
     *     the future of the core, which is one of its executor
     * @param contexts asked at each call; the last one is the outermost
     */
    public Callbacks(Supplier<? extends @Nullable Executor> executor, Supplier<List<TaskDecorator>> contexts) {
        this.executor = executor;
        this.contexts = contexts;
    }

    /**
     * Gives a future to the calling thread, whose context its callbacks will have.
     *
     * @param source completes it; is cancelled with it
     * @param first told before anybody else, as a callback is
     */
    public <T> CompletableFuture<T> handOver(
            CompletableFuture<T> source, BiConsumer<@Nullable Object, @Nullable Throwable> first) {
        Executor target = target();
        CallbackFuture<T> future = new CallbackFuture<>(source, first, target, this::inContext);
        source.whenComplete((value, failure) -> run(target, future.completion()));
        return future;
    }

    private Executor target() {
        try {
            Executor target = executor.get();
            return target == null ? Runnable::run : target;
        } catch (BeansException e) {
            log.debug(
                    "the application's executor is not available: callbacks run on the thread that completes them", e);
            return Runnable::run;
        }
    }

    private static void run(Executor target, Runnable completion) {
        try {
            target.execute(completion);
        } catch (RuntimeException e) {
            log.debug(
                    "the application's executor has rejected a callback, which now runs on the thread that completes it",
                    e);
            completion.run();
        }
    }

    /** With what is the context of this thread now. */
    private Runnable inContext(Runnable task) {
        Runnable decorated = task;
        for (TaskDecorator context : contexts.get()) {
            decorated = context.decorate(decorated);
        }
        return ThreadContext.capture().around(decorated);
    }
}
