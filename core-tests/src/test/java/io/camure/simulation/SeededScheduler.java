package io.camure.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Threads of which one runs at a time, until it parks; a seed decides which one is next, and lets one wake up for no reason
 * now and then. Time is virtual: a look at the clock takes some of it, and while all threads are parked it jumps to the first
 * that is to wake up. So a run is the same each time. The threads belong to {@linkplain SeededProcess processes}.
 */
public final class SeededScheduler {

    private static final long CLOCK_READ_NANOS = 50;
    private static final Duration LONGEST_STEP = Duration.ofSeconds(60);

    private final long seed;
    private final int spuriousOneIn;
    private final Random random;
    private final List<SeededThread> threads = new ArrayList<>();

    /** Those that can be chosen; kept to make no garbage in each step. */
    private final List<SeededThread> choice = new ArrayList<>();

    private final Semaphore ended = new Semaphore(0);

    /** Given by each killed thread that has unwound. */
    final Semaphore unwound = new Semaphore(0);

    private Runnable afterStep = () -> {};
    private long nowNanos;

    /** Written by the one thread that runs, and looked at by the one that waits for the end of all. */
    private volatile long steps;

    private volatile SeededThread running;
    private volatile Throwable failure;

    /** @param spuriousOneIn of so many steps one is of a thread that wakes up for no reason; of none when it is 0 */
    public SeededScheduler(long seed, int spuriousOneIn) {
        this.seed = seed;
        this.spuriousOneIn = spuriousOneIn;
        random = new Random(seed);
    }

    /** A process without threads. */
    public SeededProcess process(String name) {
        return new SeededProcess(this, name);
    }

    /** Has something looked at after each step; what it throws ends the run. */
    void afterStep(Runnable check) {
        afterStep = check;
    }

    /** Runs all threads to their end; fails with the first that has failed, and when nobody can go on. */
    public void run() throws InterruptedException {
        SeededThread first = next();
        running = first;
        first.baton.release();
        long seenSteps = -1;
        while (!ended.tryAcquire(LONGEST_STEP.toSeconds(), TimeUnit.SECONDS)) {
            if (steps == seenSteps) {
                throw new AssertionError("seed " + seed + ": " + running.getName()
                        + " blocks otherwise than by parking: " + List.of(running.getStackTrace()));
            }
            seenSteps = steps;
        }
        Throwable cause = failure;
        if (cause != null) {
            List.copyOf(threads).forEach(thread -> thread.process.kill());
            throw new AssertionError("seed " + seed + ": " + cause.getMessage(), cause);
        }
    }

    /** The threads that are not over, of all processes. */
    List<SeededThread> living() {
        return List.copyOf(threads);
    }

    long nowNanos() {
        return nowNanos;
    }

    long readClock() {
        nowNanos += CLOCK_READ_NANOS;
        return nowNanos;
    }

    Random random() {
        return random;
    }

    void add(SeededThread thread) {
        threads.add(thread);
    }

    /** Ends the run when the current step is over. */
    void fail(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    /** A thread has parked: the next one runs, and this one when it is its turn again. */
    void switchFrom(SeededThread parking) {
        SeededThread next = hand(parking);
        if (next != parking) {
            parking.baton.acquireUninterruptibly();
        }
    }

    /** A thread is over. */
    void onOver(SeededThread over) {
        threads.remove(over);
        threads.stream().filter(thread -> thread.joining == over).forEach(thread -> thread.permit = true);
        if (over.killed) {
            unwound.release();
        } else {
            hand(over);
        }
    }

    private SeededThread hand(SeededThread from) {
        SeededThread next = null;
        try {
            steps++;
            afterStep.run();
            if (failure == null && !threads.isEmpty()) {
                next = next();
            }
        } catch (Throwable e) {
            fail(e);
        }
        if (next == null) {
            ended.release();
        } else {
            running = next;
            next.parked = false;
            next.permit = false;
            if (next != from) {
                next.baton.release();
            }
        }
        return next;
    }

    private SeededThread next() {
        if (spuriousOneIn > 0 && random.nextInt(spuriousOneIn) == 0) {
            choose(Long.MIN_VALUE, true);
        } else {
            choose(nowNanos, false);
            if (choice.isEmpty()) {
                nowNanos = Math.max(nowNanos, earliestWakeNanos());
                choose(nowNanos, false);
            }
        }
        return choice.get(random.nextInt(choice.size()));
    }

    private void choose(long atNanos, boolean any) {
        choice.clear();
        for (int i = 0; i < threads.size(); i++) {
            SeededThread thread = threads.get(i);
            if (!thread.process.isPaused() && (any || thread.canRun(atNanos))) {
                choice.add(thread);
            }
        }
        if (any && choice.isEmpty()) {
            throw new AssertionError("all processes are paused for ever: " + threads);
        }
    }

    private long earliestWakeNanos() {
        long earliestNanos = Long.MAX_VALUE;
        for (int i = 0; i < threads.size(); i++) {
            SeededThread thread = threads.get(i);
            if (!thread.process.isPaused()) {
                earliestNanos = Math.min(earliestNanos, thread.wakeNanos);
            }
        }
        if (earliestNanos == Long.MAX_VALUE) {
            throw new AssertionError("all are parked for ever: " + threads);
        }
        return earliestNanos;
    }
}
