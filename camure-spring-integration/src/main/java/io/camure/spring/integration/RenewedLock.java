package io.camure.spring.integration;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.LongConsumer;

/** A lock that tells each time that it was locked, for the first time or again, and before it is given up. Of one thread. */
final class RenewedLock implements Lock {

    private final Lock lock;
    private final LongConsumer locked;
    private final Runnable releasing;

    /** How often it is locked, and not unlocked again. */
    private int holds;

    /**
     * @param locked told when that was asked for, by {@link System#nanoTime}
     * @param releasing run before the lock can be had by others
     */
    RenewedLock(Lock lock, LongConsumer locked, Runnable releasing) {
        this.lock = lock;
        this.locked = locked;
        this.releasing = releasing;
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        long asked = System.nanoTime();
        boolean acquired = lock.tryLock(time, unit);
        if (acquired) {
            holds++;
            tell(asked);
        }
        return acquired;
    }

    /** What the telling throws must not leave a lock that nobody knows of. */
    private void tell(long asked) {
        try {
            locked.accept(asked);
        } catch (RuntimeException e) {
            unlock();
            throw e;
        }
    }

    @Override
    public void unlock() {
        if (holds == 1) {
            releasing.run();
        }
        holds = Math.max(0, holds - 1);
        lock.unlock();
    }

    @Override
    public void lock() {
        throw new UnsupportedOperationException("nothing waits for this lock without a limit");
    }

    @Override
    public void lockInterruptibly() {
        lock();
    }

    @Override
    public boolean tryLock() {
        throw new UnsupportedOperationException("nothing asks for this lock without a time");
    }

    @Override
    public Condition newCondition() {
        return lock.newCondition();
    }
}
