package io.camure.simulation;

import io.camure.transport.Execution;
import java.util.Random;
import java.util.random.RandomGenerator;

/** What the threads of one process run on. It can be stopped for a while, as by {@code SIGSTOP}, and killed. */
public final class SeededProcess implements Execution {

    private final SeededScheduler scheduler;
    private final String name;
    private boolean dead;
    private long deadSinceNanos = Long.MAX_VALUE;
    private boolean paused;
    private long pausedSinceNanos;
    private long pausedNanos;

    /** What a thread runs. */
    public interface Body {

        void run() throws Exception;
    }

    SeededProcess(SeededScheduler scheduler, String name) {
        this.scheduler = scheduler;
        this.name = name;
    }

    /** Starts a thread, which runs when it is its turn. */
    public Thread start(String thread, boolean virtual, Body body) {
        SeededThread started = new SeededThread(scheduler, this, thread, virtual, body);
        started.start();
        return started;
    }

    /** None of its threads runs until {@link #resume}; its clock goes on. */
    void pause() {
        if (!paused && !dead) {
            paused = true;
            pausedSinceNanos = scheduler.nowNanos();
        }
    }

    void resume() {
        if (paused) {
            paused = false;
            pausedNanos += scheduler.nowNanos() - pausedSinceNanos;
        }
    }

    boolean isPaused() {
        return paused;
    }

    /** For how long it has been paused so far, in all. */
    long pausedNanos() {
        return paused ? pausedNanos + scheduler.nowNanos() - pausedSinceNanos : pausedNanos;
    }

    /** None of its threads runs any more. To be called by a thread of another process. */
    void kill() {
        dead = true;
        deadSinceNanos = scheduler.nowNanos();
        resume();
        for (SeededThread thread : scheduler.living()) {
            if (thread.process == this) {
                thread.kill();
            }
        }
    }

    boolean isDead() {
        return dead;
    }

    /** When it was killed; far in the future while it lives. */
    long deadSinceNanos() {
        return deadSinceNanos;
    }

    private static SeededThread self() {
        return (SeededThread) Thread.currentThread();
    }

    @Override
    public long nanoTime() {
        return scheduler.readClock();
    }

    /** Lets time pass, whatever wakes the thread up. */
    public void sleep(long nanos) {
        long untilNanos = scheduler.nowNanos() + nanos;
        while (scheduler.nowNanos() < untilNanos) {
            self().park(untilNanos);
        }
    }

    @Override
    public void park(Object blocker) {
        park(Long.MAX_VALUE);
    }

    @Override
    public void parkNanos(Object blocker, long nanos) {
        if (nanos > 0) {
            long wakeNanos = scheduler.nowNanos() + nanos;
            park(wakeNanos < 0 ? Long.MAX_VALUE : wakeNanos);
        }
    }

    private void park(long untilNanos) {
        SeededThread self = self();
        self.park(self.isInterrupted() ? scheduler.nowNanos() : untilNanos);
    }

    @Override
    public void unpark(Thread thread) {
        ((SeededThread) thread).permit = true;
    }

    @Override
    public Thread newThread(String thread, Runnable task) {
        return new SeededThread(scheduler, this, thread, false, task::run);
    }

    @Override
    public void join(Thread thread) throws InterruptedException {
        SeededThread other = (SeededThread) thread;
        self().joining = other;
        while (!other.isOver()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            park(this);
        }
        other.join();
    }

    @Override
    public boolean isVirtual(Thread thread) {
        return ((SeededThread) thread).virtual;
    }

    @Override
    public RandomGenerator newRandom() {
        return new Random(scheduler.random().nextLong());
    }

    @Override
    public String toString() {
        return name;
    }
}
