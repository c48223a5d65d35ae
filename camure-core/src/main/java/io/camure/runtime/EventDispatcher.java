package io.camure.runtime;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs code of users in order, on a thread of its own that exists only while there is something to run. */
public final class EventDispatcher implements Executor, AutoCloseable {

    /** A listener that lags behind by so many events hardly catches up; those that follow are dropped. */
    static final int CAPACITY = 10_000;

    private static final long IDLE_SECONDS = 5;

    private static final Logger log = LoggerFactory.getLogger(EventDispatcher.class);

    private final String name;
    private final ThreadPoolExecutor executor;

    /** @param name of the thread */
    public EventDispatcher(String name) {
        this.name = name;
        executor = new ThreadPoolExecutor(
                1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(CAPACITY), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
    }

    /** Has a task run after those before it; a failure of one is logged and does not keep the next from running. */
    @Override
    public void execute(Runnable task) {
        try {
            executor.execute(() -> runSafely(task));
        } catch (RejectedExecutionException e) {
            // Whoever closed a session waits for its end, not for what is told about it then.
            if (!executor.isShutdown()) {
                log.warn("{}: a listener is {} events behind, one more was dropped", name, CAPACITY);
            }
        }
    }

    private static void runSafely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.warn("a listener of a camure session has failed", e);
        }
    }

    /** Lets the thread end once it has run what it was given. */
    @Override
    public void close() {
        executor.shutdown();
    }
}
