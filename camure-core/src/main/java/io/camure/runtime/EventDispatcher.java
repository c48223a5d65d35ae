package io.camure.runtime;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camure.transport.Execution;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs code of users in order, on a thread of its own that exists only while there is something to run, and that has the
 * context class loader of the thread that has made this.
 */
public final class EventDispatcher implements Executor, AutoCloseable {

    /** A listener that lags behind by this many events hardly catches up; those that follow are dropped. */
    static final int CAPACITY = 10_000;

    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final Logger log = LoggerFactory.getLogger(EventDispatcher.class);

    private final String name;
    private final Execution execution;
    private final @Nullable ClassLoader classLoader = Thread.currentThread().getContextClassLoader();
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

    @GuardedBy("lock")
    private @Nullable Thread thread;

    @GuardedBy("lock")
    private boolean closed;

    /** @param name of the thread */
    public EventDispatcher(String name, Execution execution) {
        this.name = name;
        this.execution = execution;
    }

    /** Has a task run after those before it; a failure of one is logged and does not keep the next from running. */
    @Override
    public void execute(Runnable task) {
        lock.lock();
        try {
            if (closed) {
                // Whoever closed a session waits for its end, not for what is told about it then.
                return;
            }
            if (tasks.size() >= CAPACITY) {
                log.warn("{}: a listener is {} events behind, one more was dropped", name, CAPACITY);
                return;
            }
            tasks.add(task);
            wake();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void wake() {
        Thread running = thread;
        if (running != null) {
            execution.unpark(running);
        } else {
            Thread started = execution.newThread(name, this::run);
            started.setContextClassLoader(classLoader);
            started.start();
            thread = started;
        }
    }

    private void run() {
        long idleSinceNanos = execution.nanoTime();
        while (true) {
            long leftNanos = IDLE_NANOS - (execution.nanoTime() - idleSinceNanos);
            Runnable task;
            lock.lock();
            try {
                task = tasks.poll();
                if (task == null && (closed || leftNanos <= 0)) {
                    thread = null;
                    return;
                }
            } finally {
                lock.unlock();
            }
            if (task == null) {
                execution.parkNanos(this, leftNanos);
            } else {
                runSafely(task);
                idleSinceNanos = execution.nanoTime();
            }
        }
    }

    private void runSafely(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            // An error, too: the next one is to be told of what follows.
            log.warn("{}: a listener has failed", name, e);
        }
        // What a listener has left set would keep the thread from parking.
        if (Thread.interrupted()) {
            log.debug("{}: a listener was interrupted", name);
        }
    }

    /** Lets the thread end once it has run what it was given. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            Thread running = thread;
            if (running != null) {
                execution.unpark(running);
            }
        } finally {
            lock.unlock();
        }
    }
}
