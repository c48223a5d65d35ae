package io.camure.simulation;

import java.util.concurrent.Semaphore;

/** A thread of a {@link SeededProcess}. What is not private is only touched by the one thread that runs. */
final class SeededThread extends Thread {

    final SeededProcess process;
    final boolean virtual;
    final Semaphore baton = new Semaphore(0);
    boolean parked;
    boolean permit;
    boolean killed;
    long wakeNanos;
    Thread joining;
    private final SeededScheduler scheduler;
    private final SeededProcess.Body body;
    private boolean over;
    private boolean interruptPending;

    /** Unwinds a thread whose process was killed. */
    static final class Killed extends Error {

        private static final long serialVersionUID = 1L;

        Killed() {
            super("the process was killed", null, false, false);
        }
    }

    SeededThread(
            SeededScheduler scheduler, SeededProcess process, String name, boolean virtual, SeededProcess.Body body) {
        super(null, null, name);
        this.scheduler = scheduler;
        this.process = process;
        this.virtual = virtual;
        this.body = body;
        setDaemon(true);
    }

    @Override
    public void start() {
        if (!process.isDead()) {
            scheduler.add(this);
            super.start();
        }
    }

    @Override
    public void run() {
        baton.acquireUninterruptibly();
        try {
            if (!killed) {
                takeInterrupt();
                body.run();
            }
        } catch (Throwable e) {
            if (!killed) {
                scheduler.fail(new AssertionError(getName() + " has failed: " + e, e));
            }
        } finally {
            over = true;
            scheduler.onOver(this);
        }
    }

    boolean isOver() {
        return over;
    }

    boolean canRun(long nowNanos) {
        return !parked || permit || interruptPending || wakeNanos <= nowNanos;
    }

    /** Lets others run until it is unparked, interrupted or the time has come; or for no reason. */
    void park(long untilNanos) {
        if (!killed) {
            wakeNanos = untilNanos;
            parked = true;
            scheduler.switchFrom(this);
        }
        permit = false;
        if (killed) {
            throw new Killed();
        }
        takeInterrupt();
    }

    /** By this thread itself, so that it does not depend on how far another one has got. */
    private void takeInterrupt() {
        if (interruptPending) {
            interruptPending = false;
            super.interrupt();
        }
    }

    @Override
    public void interrupt() {
        if (Thread.currentThread() == this) {
            super.interrupt();
        } else {
            interruptPending = true;
        }
    }

    /** Unwinds it, while nobody else runs. */
    void kill() {
        if (!over) {
            killed = true;
            baton.release();
            scheduler.unwound.acquireUninterruptibly();
        }
    }
}
