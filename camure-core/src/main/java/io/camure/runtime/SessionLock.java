package io.camure.runtime;

import java.util.concurrent.locks.ReentrantLock;

/**
 * The lock of a session. Who has it for long lets others in between, which a lock that is not fair would not: whoever
 * unlocks it and locks it again is faster than a thread that has to be woken.
 */
final class SessionLock extends ReentrantLock {

    private static final long serialVersionUID = 1L;

    /** Held by the first of those that wait to be let in. */
    private final transient ReentrantLock turnstile = new ReentrantLock();

    /** How many have passed it. Guarded by this lock. */
    private long admissions;

    /** The same when somebody was last seen to wait; -1 if nobody was. Guarded by this lock. */
    private long admissionsSeen = -1;

    /** Locks, for which it waits no longer than until who has the lock {@linkplain #letOthersIn lets others in}. */
    void lockSoon() {
        if (!tryLock()) {
            turnstile.lock();
            try {
                lock();
                admissions++;
            } finally {
                turnstile.unlock();
            }
        }
    }

    /** Whether there is somebody to be let in. */
    boolean isAwaited() {
        return turnstile.isLocked();
    }

    /**
     * Whether somebody is to be let in who was so at the last look, too, and has not got in since. Whoever has the lock looks
     * once before each time that it unlocks it anyway. Most of those that wait get in then, and that costs no more than their
     * own waking; to let them in makes the one that has the lock sleep and wake, too.
     */
    boolean isAwaitedStill() {
        boolean awaited = isAwaited();
        boolean result = awaited && admissionsSeen == admissions;
        admissionsSeen = awaited ? admissions : -1;
        return result;
    }

    /** Unlocks, and locks again once those that wait for it now have had the lock. To be called by who has locked it once. */
    void letOthersIn() {
        unlock();
        try {
            // Free as soon as the first one has the lock.
            turnstile.lock();
            turnstile.unlock();
        } finally {
            lock();
        }
    }
}
