package io.camure.runtime;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camure.transport.Execution;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who makes the turns of a session: the pattern Leader/Followers (Schmidt et al., POSA2, 2000). The leader, called the driver
 * here, waits for the network; the followers sleep until the driver sees what they wait for, or hands the role over to one
 * of them. Callers that wait are the pool, and the keeper thread drives while none of them does.
 *
 * <p>Virtual threads only follow: one that waits in a system call would keep its carrier from all others. The keeper drives
 * for them, at once.
 *
 * <p>All is called under the session's lock, which is let go of only while a thread waits.
 */
final class DriverRole {

    /** How long the keeper waits for the next caller before it drives itself, unless a virtual thread waits. */
    private static final long LINGER_NANOS = MILLISECONDS.toNanos(1);

    /** A caller that drives for more lingers than this is not about to go, and wakes the keeper when it does. */
    private static final int LINGERS_BEFORE_SLEEP = 4;

    /** A driver that has served others this often without being served itself hands the role over to one of them. */
    private static final int SERVED_BEFORE_CHANGE = 8;

    private final SessionLock lock;
    private final EventLoop loop;
    private final Thread keeper;
    private final Execution execution;

    private enum State {
        /** Nobody makes turns: a caller has gone just now, and the keeper waits for the next one, or is being woken. */
        FREE,
        /** The keeper makes them. */
        KEEPER,
        /** A caller makes them. */
        CALLER,
        /** The driver has gone and left the role to {@link #heir}, which has been woken and does not run yet. */
        HANDED_OVER
    }

    @GuardedBy("lock")
    private State state = State.FREE;

    /** The callers that wait while another thread drives. */
    @GuardedBy("lock")
    private final List<Waiter> waiters = new ArrayList<>();

    @GuardedBy("lock")
    private final ArrayDeque<Waiter> spareWaiters = new ArrayDeque<>();

    /** What the caller that drives waits for. */
    @GuardedBy("lock")
    private @Nullable BooleanSupplier drivingCondition;

    /** Who has asked for the role, and gets it as soon as who drives now has returned from the network. */
    @GuardedBy("lock")
    private @Nullable Waiter successor;

    /** Who gets it while it is {@link State#HANDED_OVER}. */
    @GuardedBy("lock")
    private @Nullable Waiter heir;

    /** Changes each time that the role does. */
    @GuardedBy("lock")
    private long changes;

    /** How often the driver has served others since it was served itself. */
    @GuardedBy("lock")
    private int servedOthers;

    @GuardedBy("lock")
    private boolean keeperSleeps;

    private static final class Waiter {
        @Nullable
        Thread thread;

        @Nullable
        BooleanSupplier condition;

        boolean virtual;
    }

    DriverRole(SessionLock lock, EventLoop loop, Thread keeper, Execution execution) {
        this.lock = lock;
        this.loop = loop;
        this.keeper = keeper;
        this.execution = execution;
    }

    /**
     * Waits until the condition holds, the deadline has come, the caller is interrupted or the loop is stopped; or returns
     * for no reason. Drives meanwhile, or follows who does.
     */
    @SuppressWarnings("GuardedBy")
    void await(BooleanSupplier condition, long deadlineNanos, boolean forStream) throws IOException {
        assert lock.isHeldByCurrentThread();
        boolean virtual = execution.isVirtual(Thread.currentThread());
        if (!virtual && state == State.FREE || follow(condition, deadlineNanos, virtual)) {
            drive(condition, deadlineNanos, forStream);
        }
    }

    /** Makes turns until the condition holds, the deadline has come, the caller is interrupted or the role is asked for. */
    @GuardedBy("lock")
    private void drive(BooleanSupplier condition, long deadlineNanos, boolean forStream) throws IOException {
        take(State.CALLER);
        drivingCondition = condition;
        try {
            Thread self = Thread.currentThread();
            while (!loop.isStopped() && successor == null && !self.isInterrupted()) {
                loop.turn(deadlineNanos, forStream && waiters.isEmpty());
                serve();
                if (condition.getAsBoolean() || deadlineNanos - loop.turnNanos() <= 0) {
                    return;
                }
            }
        } finally {
            drivingCondition = null;
            leave();
        }
    }

    @GuardedBy("lock")
    private void take(State by) {
        state = by;
        heir = null;
        servedOthers = 0;
        changes++;
    }

    /**
     * Leaves the role to who has asked for it, else to a caller that waits, else to nobody. A caller that comes right back
     * does not take it from an heir that does not run yet: measured with two threads at two barriers of one node, the heir
     * then runs in vain and contends for the lock, and each round takes 1.1 to 1.3 times as long as for one thread alone,
     * instead of 0.97 to 1.03. See {@code TwoBarriersBenchmark}.
     */
    @GuardedBy("lock")
    private void leave() {
        changes++;
        // For the next one anew: two that both want the role would leave it to each other for ever.
        servedOthers = 0;
        Waiter next = successor != null ? successor : lastThatMayDrive();
        successor = null;
        heir = next;
        if (next != null) {
            state = State.HANDED_OVER;
            unpark(next);
        } else {
            state = State.FREE;
            if (keeperSleeps || !waiters.isEmpty()) {
                execution.unpark(keeper);
            }
        }
    }

    /** The one whose data the processor is most likely to have still. */
    @GuardedBy("lock")
    private @Nullable Waiter lastThatMayDrive() {
        for (int i = waiters.size() - 1; i >= 0; i--) {
            if (!waiters.get(i).virtual) {
                return waiters.get(i);
            }
        }
        return null;
    }

    private void unpark(Waiter waiter) {
        Thread thread = waiter.thread;
        if (thread != null) {
            execution.unpark(thread);
        }
    }

    /**
     * Sleeps while another thread drives, until it sees the condition hold or leaves the role to the caller.
     *
     * @return whether the caller is to drive now
     */
    @GuardedBy("lock")
    private boolean follow(BooleanSupplier condition, long deadlineNanos, boolean virtual) {
        Waiter waiter = spareWaiters.isEmpty() ? new Waiter() : spareWaiters.pop();
        waiter.thread = Thread.currentThread();
        waiter.condition = condition;
        waiter.virtual = virtual;
        waiters.add(waiter);
        askForDriver(waiter);
        long leftNanos = deadlineNanos - loop.nowNanos();
        while (leftNanos > 0 && stillWaits(waiter)) {
            lock.unlock();
            try {
                execution.parkNanos(this, leftNanos);
            } finally {
                lock.lockSoon();
            }
            leftNanos = deadlineNanos - loop.nowNanos();
        }
        waiters.remove(waiter);
        if (successor == waiter) {
            successor = null;
        }
        boolean drives = false;
        if (heir == waiter) {
            drives = leftNanos > 0
                    && !loop.isStopped()
                    && !Thread.currentThread().isInterrupted()
                    && !condition.getAsBoolean();
            if (!drives) {
                leave();
            }
        }
        waiter.thread = null;
        waiter.condition = null;
        spareWaiters.push(waiter);
        return drives;
    }

    @GuardedBy("lock")
    private boolean stillWaits(Waiter waiter) {
        return !loop.isStopped()
                && heir != waiter
                && waiters.contains(waiter)
                && !Thread.currentThread().isInterrupted();
    }

    /** Sees to it that somebody drives for a caller that waits from now on. */
    @GuardedBy("lock")
    private void askForDriver(Waiter waiter) {
        boolean mayAsk = !waiter.virtual && successor == null;
        if (mayAsk && (state == State.KEEPER || servedOthers >= SERVED_BEFORE_CHANGE)) {
            successor = waiter;
            loop.wakeUp();
        } else if (state == State.FREE) {
            execution.unpark(keeper);
        } else {
            // What this caller has done before it waits.
            wakeDriverIfNeeded();
        }
    }

    /** Wakes the callers whose conditions hold; to be called after each change. */
    @SuppressWarnings("GuardedBy")
    void wakeServed() {
        assert lock.isHeldByCurrentThread();
        serve();
    }

    @GuardedBy("lock")
    private void serve() {
        for (int i = waiters.size() - 1; i >= 0; i--) {
            Waiter waiter = waiters.get(i);
            BooleanSupplier condition = waiter.condition;
            if (loop.isStopped() || condition != null && condition.getAsBoolean()) {
                waiters.remove(i);
                servedOthers++;
                unpark(waiter);
            }
        }
    }

    /** Has each caller that waits, the one that drives included, see what has changed. */
    @SuppressWarnings("GuardedBy")
    void noticeChanges() {
        assert lock.isHeldByCurrentThread();
        BooleanSupplier condition = drivingCondition;
        if (condition != null) {
            boolean unused = condition.getAsBoolean();
        }
        serve();
    }

    /** Wakes who drives when it has nothing more to wait for, or something to do much earlier than it knows. */
    @SuppressWarnings("GuardedBy")
    void wakeDriverIfNeeded() {
        assert lock.isHeldByCurrentThread();
        if (loop.isStopped() || state != State.KEEPER && state != State.CALLER) {
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
    @SuppressWarnings("GuardedBy")
    void keep() throws IOException {
        assert lock.isHeldByCurrentThread();
        while (!loop.isStopped()) {
            if (state == State.FREE) {
                take(State.KEEPER);
                while (!loop.isStopped() && successor == null) {
                    loop.turn(Long.MAX_VALUE, waiters.isEmpty());
                    serve();
                }
                leave();
            }
            linger();
        }
    }

    /** Until nobody has driven for a moment, or a virtual thread waits while nobody drives. */
    @GuardedBy("lock")
    private void linger() {
        int lingers = 0;
        long seenChanges = changes;
        while (!loop.isStopped() && !isWanted()) {
            keeperSleeps = state != State.FREE && ++lingers >= LINGERS_BEFORE_SLEEP;
            lock.unlock();
            try {
                if (keeperSleeps) {
                    execution.park(this);
                } else {
                    execution.parkNanos(this, LINGER_NANOS);
                }
            } finally {
                lock.lock();
            }
            if (seenChanges != changes) {
                seenChanges = changes;
                lingers = 0;
            } else if (state == State.FREE) {
                break;
            }
        }
        keeperSleeps = false;
    }

    /** While the role is free, nobody waits but virtual threads: any other caller would have it. */
    @GuardedBy("lock")
    private boolean isWanted() {
        return state == State.FREE && !waiters.isEmpty();
    }
}
