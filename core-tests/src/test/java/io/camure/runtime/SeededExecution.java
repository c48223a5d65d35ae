package io.camure.runtime;

import io.camure.transport.Execution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Threads of which one runs at a time, until it parks; a seed decides which one is next, and lets one wake up for no reason
 * now and then. Time is virtual: a look at the clock takes some of it, and while all threads are parked it jumps to the first
 * that is to wake up. So a run is the same each time.
 */
final class SeededExecution implements Execution {

    private static final long CLOCK_READ_NANOS = 50;
    private static final int SPURIOUS_ONE_IN = 16;
    private static final Duration LONGEST_STEP = Duration.ofSeconds(60);

    private final long seed;
    private final Random random;
    private final List<SeededThread> threads = new ArrayList<>();
    private final Semaphore idle = new Semaphore(0);
    private long nowNanos;

    /** What a thread runs. */
    interface Body {

        void run() throws Exception;
    }

    private final class SeededThread extends Thread {

        private final Body body;
        private final boolean virtual;
        private final Semaphore baton = new Semaphore(0);
        private boolean permit;
        private boolean parked;
        private long wakeNanos;
        private Thread joining;
        private boolean over;
        private Throwable failure;

        private SeededThread(String name, Body body, boolean virtual) {
            super(null, null, name);
            this.virtual = virtual;
            this.body = body;
            setDaemon(true);
        }

        @Override
        public void start() {
            threads.add(this);
            super.start();
        }

        @Override
        public void run() {
            baton.acquireUninterruptibly();
            try {
                body.run();
            } catch (Throwable e) {
                failure = e;
            } finally {
                over = true;
                threads.stream().filter(thread -> thread.joining == this).forEach(thread -> thread.permit = true);
                idle.release();
            }
        }

        private boolean canRun() {
            return !over && (!parked || permit || isInterrupted());
        }
    }

    SeededExecution(long seed) {
        this.seed = seed;
        random = new Random(seed);
    }

    /** Starts a thread, which runs when it is its turn. */
    Thread start(String name, boolean virtual, Body body) {
        SeededThread thread = new SeededThread(name, body, virtual);
        thread.start();
        return thread;
    }

    /** Runs all threads to their end; fails with the first that has failed, and when nobody can go on. */
    void run() throws Exception {
        while (threads.stream().anyMatch(thread -> !thread.over)) {
            SeededThread next = next();
            next.parked = false;
            next.permit = false;
            next.baton.release();
            if (!idle.tryAcquire(LONGEST_STEP.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("seed " + seed + ": " + next.getName() + " blocks otherwise than by parking");
            }
            if (next.failure != null) {
                throw new AssertionError("seed " + seed + ": " + next.getName() + " has failed", next.failure);
            }
        }
    }

    private SeededThread next() {
        List<SeededThread> parked =
                threads.stream().filter(thread -> !thread.over).toList();
        if (random.nextInt(SPURIOUS_ONE_IN) == 0) {
            return parked.get(random.nextInt(parked.size()));
        }
        List<SeededThread> runnable =
                parked.stream().filter(SeededThread::canRun).toList();
        if (runnable.isEmpty()) {
            long wakeNanos =
                    parked.stream().mapToLong(thread -> thread.wakeNanos).min().orElseThrow();
            if (wakeNanos == Long.MAX_VALUE) {
                throw new AssertionError("seed " + seed + ": all are parked for ever: " + parked);
            }
            nowNanos = Math.max(nowNanos, wakeNanos);
            runnable = parked.stream()
                    .filter(thread -> thread.wakeNanos <= nowNanos)
                    .toList();
        }
        return runnable.get(random.nextInt(runnable.size()));
    }

    private static SeededThread self() {
        return (SeededThread) Thread.currentThread();
    }

    @Override
    public long nanoTime() {
        nowNanos += CLOCK_READ_NANOS;
        return nowNanos;
    }

    /** Lets time pass, whatever wakes the thread up. */
    void sleep(long nanos) {
        long untilNanos = nowNanos + nanos;
        while (nowNanos < untilNanos) {
            parkNanos(this, untilNanos - nowNanos);
        }
    }

    @Override
    public void park(Object blocker) {
        parkUntil(Long.MAX_VALUE);
    }

    @Override
    public void parkNanos(Object blocker, long nanos) {
        if (nanos > 0) {
            long wakeNanos = nowNanos + nanos;
            parkUntil(wakeNanos < 0 ? Long.MAX_VALUE : wakeNanos);
        }
    }

    private void parkUntil(long wakeNanos) {
        SeededThread self = self();
        self.wakeNanos = wakeNanos;
        self.parked = true;
        idle.release();
        self.baton.acquireUninterruptibly();
    }

    @Override
    public void unpark(Thread thread) {
        ((SeededThread) thread).permit = true;
    }

    @Override
    public Thread newThread(String name, Runnable task) {
        return new SeededThread(name, task::run, false);
    }

    @Override
    public void join(Thread thread) throws InterruptedException {
        self().joining = thread;
        while (!((SeededThread) thread).over) {
            park(this);
        }
        thread.join();
    }

    @Override
    public boolean isVirtual(Thread thread) {
        return ((SeededThread) thread).virtual;
    }

    @Override
    public RandomGenerator newRandom() {
        return new Random(random.nextLong());
    }
}
