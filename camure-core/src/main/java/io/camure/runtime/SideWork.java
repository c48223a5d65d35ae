package io.camure.runtime;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camure.protocol.security.Beside;
import io.camure.transport.Execution;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what takes too long for a turn, on at most {@value #MOST_THREADS} threads that exist only while there is something to do and
 * have the context class loader of the thread that has made this. What lasts for too long is interrupted, once others wait for it. Thread-safe.
 */
public final class SideWork implements Beside {

    static final int MOST_THREADS = 2;
    static final int CAPACITY = 256;

    private static final long LONGEST_NANOS = SECONDS.toNanos(10);
    private static final Logger log = LoggerFactory.getLogger(SideWork.class);

    private final String name;
    private final Execution execution;
    private final Supplier<SessionDriver> driver;
    private final @Nullable ClassLoader classLoader = Thread.currentThread().getContextClassLoader();
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final ArrayDeque<Job> waiting = new ArrayDeque<>();

    @GuardedBy("lock")
    private final List<Running> running = new ArrayList<>();

    @GuardedBy("lock")
    private int threads;

    private record Job(Runnable work, LongConsumer then) {}

    private record Running(Thread thread, long sinceNanos) {}

    /**
     * @param name of the threads
     * @param driver of the session that what comes of it is a part of; asked once there is something to do
     */
    public SideWork(String name, Execution execution, Supplier<SessionDriver> driver) {
        this.name = name;
        this.execution = execution;
        this.driver = driver;
    }

    @Override
    public boolean submit(Runnable work, LongConsumer then) {
        lock.lock();
        try {
            endTooLong();
            if (waiting.size() >= CAPACITY) {
                return false;
            }
            waiting.add(new Job(work, then));
            if (threads < MOST_THREADS) {
                threads++;
                Thread thread = execution.newThread(name, this::run);
                thread.setContextClassLoader(classLoader);
                thread.start();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void endTooLong() {
        for (Running each : running) {
            if (execution.nanoTime() - each.sinceNanos() >= LONGEST_NANOS) {
                log.warn("{}: the admission of a node has taken more than 10s, and is interrupted", name);
                each.thread().interrupt();
            }
        }
    }

    private void run() {
        while (true) {
            Running self = new Running(Thread.currentThread(), execution.nanoTime());
            Job job;
            lock.lock();
            try {
                job = waiting.poll();
                if (job == null) {
                    threads--;
                    return;
                }
                running.add(self);
            } finally {
                lock.unlock();
            }
            try {
                job.work().run();
            } catch (Throwable e) {
                // Of code of users: the handshake ends by its time.
                log.warn("{}: the admission of a node has failed", name, e);
            }
            lock.lock();
            try {
                running.remove(self);
                // What has come too late is not for what follows.
                if (Thread.interrupted()) {
                    log.debug("{}: interrupted", name);
                }
            } finally {
                lock.unlock();
            }
            goOn(job);
        }
    }

    private void goOn(Job job) {
        SessionDriver session = driver.get();
        if (!session.isClosed()) {
            session.execute(nowNanos -> {
                job.then().accept(nowNanos);
                return null;
            });
        }
    }
}
