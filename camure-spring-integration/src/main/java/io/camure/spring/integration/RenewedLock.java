package io.camure.spring.integration;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A lock that tells each time that it was locked, for the first time or again, and before it is given up. Of one thread. */
final class RenewedLock implements Lock {

    private static final Logger log = LoggerFactory.getLogger(RenewedLock.class);

    private final Lock lock;
    private final BooleanSupplier willing;
    private final LongConsumer locked;
    private final Runnable releasing;

    /** How often it is locked, and not unlocked again. */
    private int holds;

    /**
     * @param willing whether it is to be asked for, if it is not locked already
     * @param locked told when that was asked for, by {@link System#nanoTime}
     * @param releasing run before the lock can be had by others
     */
    RenewedLock(Lock lock, BooleanSupplier willing, LongConsumer locked, Runnable releasing) {
        this.lock = lock;
        this.willing = willing;
        this.locked = locked;
        this.releasing = releasing;
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        if (holds == 0 && !willing.getAsBoolean()) {
            // The initiator asks again at once, because a lock that others hold takes that long to answer.
            unit.sleep(time);
            return false;
        }
        long asked = System.nanoTime();
        boolean acquired = lock.tryLock(time, unit);
        if (acquired) {
            holds++;
            tell(asked);
        } else {
            forget();
        }
        return acquired;
    }

    /** Another node has the lock: what this process holds of it would keep it from being released the next time. */
    private void forget() {
        if (holds == 0) {
            return;
        }
        releasing.run();
        for (; holds > 0; holds--) {
            try {
                lock.unlock();
            } catch (RuntimeException e) {
                // As it was lost: ConcurrentModificationException, mostly.
                log.debug("the lock was lost before it was released", e);
            }
        }
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
