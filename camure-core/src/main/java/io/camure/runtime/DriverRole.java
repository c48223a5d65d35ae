package io.camure.runtime;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who makes the turns of a session: the caller that waits, or the keeper thread while none does. There is one driver at a
 * time; who else waits sleeps until the driver sees its condition hold, or leaves the role to it.
 *
 * <p>All is guarded by the session's lock.
 */
final class DriverRole {

    /** How long the keeper waits for the next caller before it drives itself. */
    private static final long LINGER_NANOS = MILLISECONDS.toNanos(1);

    /** A caller that drives for more than so many lingers is not about to go, and wakes the keeper when it does. */
    private static final int LINGERS_BEFORE_SLEEP = 4;

    /** A driver that has served another caller so often without being served itself leaves the role to it. */
    private static final int SERVED_BEFORE_CHANGE = 8;

    private final ReentrantLock lock;
    private final EventLoop loop;
    private final Thread keeper;

    /** The callers that wait while another thread drives. */
    private final List<Waiter> waiters = new ArrayList<>();

    private final ArrayDeque<Waiter> spareWaiters = new ArrayDeque<>();

    /** Who makes the turns; {@code null} for a moment when a caller has gone. */
    private @Nullable Thread driving;

    /** What the caller that drives waits for. */
    private @Nullable BooleanSupplier drivingCondition;

    /** Who is to drive next, as soon as who drives now has returned from the network. */
    private @Nullable Waiter successor;

    /** Changes each time that somebody takes or leaves the role. */
    private long changes;

    /** How often the driver has served others since it was served itself. */
    private int servedOthers;

    private boolean keeperSleeps;

    private static final class Waiter {
        @Nullable
        Thread thread;

        @Nullable
        BooleanSupplier condition;
    }

    DriverRole(ReentrantLock lock, EventLoop loop, Thread keeper) {
        this.lock = lock;
        this.loop = loop;
        this.keeper = keeper;
    }

    /** Whether nobody has it. */
    boolean isFree() {
        return driving == null;
    }

    /** Makes turns until the condition holds, the deadline has come, the caller is interrupted or the role is asked for. */
    void drive(BooleanSupplier condition, long deadlineNanos, boolean forStream) throws IOException {
        Thread self = Thread.currentThread();
        take(self);
        try {
            drivingCondition = condition;
            while (!loop.isStopped() && successor == null && !self.isInterrupted()) {
                loop.turn(deadlineNanos, forStream && waiters.isEmpty());
                wakeServed();
                if (condition.getAsBoolean()) {
                    return;
                }
                if (deadlineNanos - loop.turnNanos() <= 0) {
                    return;
                }
            }
        } finally {
            leave();
        }
    }

    private void take(Thread thread) {
        driving = thread;
        servedOthers = 0;
        changes++;
    }

    private void leave() {
        changes++;
        // For the next one anew: two that both want the role would leave it to each other for ever.
        servedOthers = 0;
        Waiter next = successor;
        successor = null;
        drivingCondition = null;
        driving = next == null ? null : next.thread;
        if (next != null) {
            LockSupport.unpark(next.thread);
        } else if (keeperSleeps) {
            LockSupport.unpark(keeper);
        }
    }

    /** Sleeps while another thread drives, until it sees the condition hold or the role is free for the caller. */
    void waitForDriver(BooleanSupplier condition, long deadlineNanos) {
        Waiter waiter = spareWaiters.isEmpty() ? new Waiter() : spareWaiters.pop();
        waiter.thread = Thread.currentThread();
        waiter.condition = condition;
        waiters.add(waiter);
        if (successor == null && (driving == keeper || servedOthers >= SERVED_BEFORE_CHANGE)) {
            successor = waiter;
            loop.wakeUp();
        } else {
            // What this caller has done before it waits.
            wakeDriverIfNeeded();
        }
        while (!loop.isStopped()
                && waiters.contains(waiter)
                && driving != null
                && driving != waiter.thread
                && !Thread.currentThread().isInterrupted()) {
            long leftNanos = deadlineNanos - loop.nowNanos();
            if (leftNanos <= 0) {
                break;
            }
            lock.unlock();
            LockSupport.parkNanos(this, leftNanos);
            lock.lock();
        }
        waiters.remove(waiter);
        if (successor == waiter) {
            successor = null;
        } else if (driving == waiter.thread) {
            // The role was left to this thread; who calls this takes it, unless it has no more to wait for.
            leave();
        }
        waiter.thread = null;
        waiter.condition = null;
        spareWaiters.push(waiter);
    }

    /** Wakes the callers whose conditions hold; to be called after each change. */
    void wakeServed() {
        for (int i = waiters.size() - 1; i >= 0; i--) {
            Waiter waiter = waiters.get(i);
            BooleanSupplier condition = waiter.condition;
            if (loop.isStopped() || condition != null && condition.getAsBoolean()) {
                waiters.remove(i);
                servedOthers++;
                LockSupport.unpark(waiter.thread);
            }
        }
    }

    /** Wakes who drives when it has nothing more to wait for, or something to do much earlier than it knows. */
    void wakeDriverIfNeeded() {
        if (loop.isStopped() || driving == null) {
            return;
        }
        BooleanSupplier condition = drivingCondition;
        if (condition != null && condition.getAsBoolean()) {
            loop.wakeUp();
        } else {
            loop.wakeUpIfEarlier();
        }
    }

    /** What the keeper thread does until the loop is stopped. */
    void keep() throws IOException {
        while (!loop.isStopped()) {
            if (driving == null) {
                take(keeper);
                while (!loop.isStopped() && successor == null) {
                    loop.turn(Long.MAX_VALUE, waiters.isEmpty());
                    wakeServed();
                }
                leave();
            }
            linger();
        }
    }

    /** Until nobody has driven for a moment. */
    private void linger() {
        int lingers = 0;
        long seenChanges;
        do {
            seenChanges = changes;
            boolean somebodyDrives = driving != null;
            keeperSleeps = somebodyDrives && ++lingers >= LINGERS_BEFORE_SLEEP;
            lock.unlock();
            if (keeperSleeps) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, LINGER_NANOS);
            }
            lock.lock();
            if (seenChanges != changes) {
                lingers = 0;
            }
        } while (!loop.isStopped() && (driving != null || seenChanges != changes));
        keeperSleeps = false;
        // A caller that another one has kept from driving does so itself now.
        if (!loop.isStopped() && !waiters.isEmpty()) {
            Waiter next = waiters.get(waiters.size() - 1);
            driving = next.thread;
            changes++;
            LockSupport.unpark(next.thread);
        }
    }
}
