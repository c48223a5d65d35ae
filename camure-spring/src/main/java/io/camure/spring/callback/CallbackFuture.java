package io.camure.spring.callback;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A future that an executor completes, so that what depends on it runs there. Whoever waits for it completes it itself if the
 * executor has not come to that: a thread of the executor would wait for itself otherwise.
 */
final class CallbackFuture<T> extends CompletableFuture<T> {

    private final CompletableFuture<T> source;
    private final BiConsumer<@Nullable Object, @Nullable Throwable> first;
    private final Executor executor;
    private final AtomicBoolean taken = new AtomicBoolean();
    private final FutureTask<@Nullable Void> completion;

    /** @param context gives tasks the context of the thread that it is called by, which is this one */
    CallbackFuture(
            CompletableFuture<T> source,
            BiConsumer<@Nullable Object, @Nullable Throwable> first,
            Executor executor,
            UnaryOperator<Runnable> context) {
        this.source = source;
        this.first = first;
        this.executor = executor;
        completion = new Completion(context.apply(this::completeOnce));
    }

    /** To be run once the source is complete. An executor that is shut down may cancel it, as that completes the future, too. */
    Runnable completion() {
        return completion;
    }

    private final class Completion extends FutureTask<@Nullable Void> {

        private final Runnable task;

        Completion(Runnable task) {
            super(task, null);
            this.task = task;
        }

        @Override
        protected void done() {
            if (isCancelled()) {
                task.run();
            }
            // In case that the context could not be set up.
            completeOnce();
        }
    }

    private void completeOnce() {
        if (taken.compareAndSet(false, true)) {
            // At once, by this thread, since it is complete.
            source.whenComplete(this::complete);
        }
    }

    private void complete(@Nullable T value, @Nullable Throwable failure) {
        try {
            first.accept(value, failure);
        } finally {
            if (failure != null) {
                completeExceptionally(failure);
            } else {
                complete(value);
            }
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        source.cancel(mayInterruptIfRunning);
        return cancelled;
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        helpBefore(this);
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        long deadlineNanos = System.nanoTime() + unit.toNanos(timeout);
        helpBefore(this, timeout, unit);
        return super.get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    @Override
    public T join() {
        helpUninterruptiblyBefore(this);
        return super.join();
    }

    /** Waits until this, or one that follows it, can be completed, and sees to it. */
    void helpBefore(CompletableFuture<T> future) throws InterruptedException, ExecutionException {
        sourceOr(future).get();
        help();
    }

    /** The same, for as long at most. */
    void helpBefore(CompletableFuture<T> future, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        sourceOr(future).get(timeout, unit);
        help();
    }

    /** The same, though the thread is interrupted. */
    void helpUninterruptiblyBefore(CompletableFuture<T> future) {
        sourceOr(future).join();
        help();
    }

    /** Completes, without a failure, with either of the two. */
    private CompletableFuture<?> sourceOr(CompletableFuture<T> future) {
        return CompletableFuture.anyOf(
                source.handle((value, failure) -> true), future.handle((value, failure) -> true));
    }

    private void help() {
        if (source.isDone()) {
            completion.run();
        }
    }

    /** For callbacks that are asked for as asynchronous. */
    @Override
    public Executor defaultExecutor() {
        return executor;
    }
}
