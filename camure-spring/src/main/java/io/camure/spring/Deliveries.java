package io.camure.spring;

import io.camure.BroadcastGroup;
import io.camure.CamureException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Tells senders when their messages are delivered. One thread waits for all that were sent to a group while it was waiting
 * for those before.
 */
final class Deliveries {

    private final BroadcastGroup group;
    private final Executor executor;
    private final Consumer<Deliveries> onIdle;

    /** Guarded by this. */
    private List<CompletableFuture<Void>> waiting = new ArrayList<>();

    private boolean flushing;

    /** @param onIdle told when nobody waits any more; who asks then is still served */
    Deliveries(BroadcastGroup group, Executor executor, Consumer<Deliveries> onIdle) {
        this.group = group;
        this.executor = executor;
        this.onIdle = onIdle;
    }

    BroadcastGroup group() {
        return group;
    }

    /** Completes when all that was sent before this call is delivered. */
    CompletableFuture<Void> next() {
        CompletableFuture<Void> delivery = new CompletableFuture<>();
        synchronized (this) {
            waiting.add(delivery);
            if (flushing) {
                return delivery;
            }
            flushing = true;
        }
        try {
            executor.execute(this::flushAll);
        } catch (RejectedExecutionException e) {
            fail(takeAll(), new CamureException("the application is closing and no longer waits for deliveries", e));
            onIdle.accept(this);
        }
        return delivery;
    }

    private void flushAll() {
        List<CompletableFuture<Void>> batch = takeAll();
        while (!batch.isEmpty()) {
            List<CompletableFuture<Void>> flushed = batch;
            try {
                group.flush();
                tell(() -> flushed.forEach(delivery -> delivery.complete(null)));
            } catch (InterruptedException | RuntimeException | Error e) {
                tell(() -> fail(flushed, e));
            }
            batch = takeAll();
        }
        onIdle.accept(this);
    }

    /** By another thread, since who is told may send, and wait for that. */
    private void tell(Runnable completion) {
        try {
            executor.execute(completion);
        } catch (RejectedExecutionException e) {
            completion.run();
        }
    }

    /** @return those who wait; when there is nobody, the caller has nothing to do any more */
    private synchronized List<CompletableFuture<Void>> takeAll() {
        List<CompletableFuture<Void>> batch = waiting;
        waiting = new ArrayList<>();
        flushing = !batch.isEmpty();
        return batch;
    }

    private static void fail(List<CompletableFuture<Void>> batch, Throwable why) {
        batch.forEach(delivery -> delivery.completeExceptionally(why));
    }
}
