package io.camure.spring.integration;

import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.core.task.AsyncTaskExecutor;

/**
 * The thread of an initiator. It is never interrupted, since that would break what it may be doing in a database or its driver; it ends
 * by itself once the initiator is stopped, within a heartbeat.
 */
final class ElectionThread implements AsyncTaskExecutor {

    /** A database that does not answer can hold it for longer; nobody waits for that. */
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final String name;

    /** Guarded by this. */
    private @Nullable Thread thread;

    ElectionThread(String name) {
        this.name = name;
    }

    @Override
    public synchronized void execute(Runnable task) {
        Thread starting = new Thread(task, name);
        starting.setDaemon(true);
        thread = starting;
        starting.start();
    }

    @Override
    public <T extends @Nullable Object> Future<T> submit(Callable<T> task) {
        FutureTask<T> future = new FutureTask<>(task) {

            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                return super.cancel(false);
            }
        };
        execute(future);
        return future;
    }

    void awaitEnd() {
        Thread ending;
        synchronized (this) {
            ending = thread;
        }
        try {
            if (ending != null && ending != Thread.currentThread()) {
                TimeUnit.NANOSECONDS.timedJoin(ending, LIMIT_NANOS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
