package io.camure.spring.callback;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A future that ends as another one does, and knows whether anybody has asked how. */
final class WatchedFuture<T> extends CompletableFuture<T> {

    private final CompletableFuture<T> source;
    private volatile boolean asked;

    WatchedFuture(CompletableFuture<T> source) {
        this.source = source;
    }

    /** Has it end with its source. */
    void follow() {
        source.whenComplete(this::end);
    }

    private void end(@Nullable T value, @Nullable Throwable failure) {
        // Those of CompletableFuture.allOf and anyOf are gone once it is complete.
        asked |= getNumberOfDependents() > 0;
        if (failure == null) {
            complete(value);
        } else {
            completeExceptionally(failure);
        }
    }

    /** Whether somebody has waited for it, has looked how it ended, or has something done then. */
    boolean isAskedFor() {
        return asked || getNumberOfDependents() > 0;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        asked = true;
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        source.cancel(mayInterruptIfRunning);
        return cancelled;
    }

    /** Whatever is done with the result is done by one of these. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        asked = true;
        return new CompletableFuture<>();
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        asked = true;
        if (source instanceof CallbackFuture<T> callback) {
            callback.helpBefore(this);
        }
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        asked = true;
        long deadlineNanos = System.nanoTime() + unit.toNanos(timeout);
        if (source instanceof CallbackFuture<T> callback) {
            callback.helpBefore(this, timeout, unit);
        }
        return super.get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    @Override
    public T join() {
        asked = true;
        if (source instanceof CallbackFuture<T> callback) {
            callback.helpUninterruptiblyBefore(this);
        }
        return super.join();
    }

    /** That of its source, for callbacks that are asked for as asynchronous. */
    @Override
    public Executor defaultExecutor() {
        return source.defaultExecutor();
    }

    @Override
    public T getNow(T valueIfAbsent) {
        asked = true;
        return super.getNow(valueIfAbsent);
    }

    @Override
    public boolean isCompletedExceptionally() {
        asked = true;
        return super.isCompletedExceptionally();
    }
}
