package io.camure.runtime;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camure.protocol.base.StateMachine;
import io.camure.transport.DatagramPort;
import io.camure.transport.Execution;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one session: turns what comes from the network, from callers and from the clock into calls of its state machine,
 * and sends what that wants sent.
 *
 * <p>One lock guards the state machine. It is never held while waiting for the network or while code of users runs. A
 * turn — take datagrams, read the clock once, do what is due, send — is made by the one thread that drives: a caller that
 * waits for something drives itself until it has come, so that no thread has to be woken for it. When another caller
 * drives already, it is woken by that one. While no caller waits, the keeper thread drives; see {@link DriverRole}.
 * Thread-safe.
 */
public final class SessionDriver implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SessionDriver.class);

    private final DatagramPort port;
    private final SessionLock lock = new SessionLock();
    private final EventLoop loop;
    private final DriverRole role;
    private final Thread keeper;
    private final Execution execution;
    private final SessionObserver observer;

    /** Why the driver ended by itself. Written under the lock. */
    private volatile @Nullable Throwable failure;

    /** The threads that wait in {@link #close} for the keeper to end. */
    @GuardedBy("lock")
    private final List<Thread> closers = new ArrayList<>();

    @GuardedBy("lock")
    private boolean keeperEnded;

    /** How a wait ended. */
    public enum Outcome {
        MET,
        TIMED_OUT,
        /** The driver was closed or has failed. */
        ENDED
    }

    /** How the driving thread waits for the network. */
    public enum Idle {
        ADAPTIVE,
        BLOCKING,
        SPINNING;

        private WaitStrategy newStrategy() {
            return switch (this) {
                case ADAPTIVE -> new AdaptiveWait();
                case BLOCKING -> new BlockingWait();
                case SPINNING -> new SpinningWait();
            };
        }
    }

    /** @param name of the keeper thread */
    public SessionDriver(
            String name,
            StateMachine machine,
            DatagramPort port,
            Idle idle,
            Execution execution,
            SessionObserver observer) {
        this.port = port;
        this.execution = execution;
        this.observer = observer;
        NetworkWait network = new NetworkWait(port, idle.newStrategy(), execution);
        loop = new EventLoop(machine, port, network, observer, lock, execution);
        keeper = execution.newThread(name, this::keep);
        role = new DriverRole(lock, loop, keeper, execution);
        loop.noticeBy(role::noticeChanges);
    }

    public void start() {
        keeper.start();
    }

    /** What the threads of the session run on. */
    public Execution execution() {
        return execution;
    }

    /** The time that the state machine knows, in nanoseconds. */
    public long nowNanos() {
        return loop.nowNanos();
    }

    /**
     * Begins something that uses the state machine from the caller's thread; {@link #leave} must follow in a finally block.
     * May be nested, but for {@link #awaitEntered}.
     */
    public void enter() {
        lock.lockSoon();
    }

    /** Sends what has come of it, and has waiting callers look at it. */
    public void leave() {
        try {
            if (lock.getHoldCount() == 1) {
                settle();
                role.wakeDriverIfNeeded();
            }
        } catch (Throwable e) {
            // Not what the caller has asked for, but what has come of it.
            end(e);
        } finally {
            lock.unlock();
        }
    }

    /** Between {@link #enter} and {@link #leave}: sends what has come of it so far. */
    public void flushEntered() {
        loop.flush();
    }

    /** Runs a command of the state machine, and sends what comes of it before returning. */
    public <T extends @Nullable Object> T execute(LongFunction<T> command) {
        enter();
        try {
            T result = command.apply(nowNanos());
            observer.publish();
            return result;
        } finally {
            leave();
        }
    }

    /**
     * Has what is published as new as the state machine is, if nobody is at work on that; else it is as old as the last turn
     * at most. Does not wait.
     */
    public void refresh() {
        if (lock.tryLock()) {
            try {
                observer.publish();
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Reads from the state machine, after the batch of datagrams that is being taken now and at most one more. What is asked
     * for often is {@linkplain SessionObserver#publish published} instead.
     */
    public <T extends @Nullable Object> T read(LongFunction<T> query) {
        lock.lockSoon();
        try {
            return query.apply(nowNanos());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until a condition on the state holds.
     *
     * @param condition is called under the lock
     * @param deadlineNanos on the clock of {@link #nowNanos}
     */
    public Outcome await(BooleanSupplier condition, long deadlineNanos) throws InterruptedException {
        enter();
        try {
            return awaitEntered(condition, deadlineNanos);
        } finally {
            leave();
        }
    }

    /** The same between {@link #enter} and {@link #leave}; what happened before is sent first. */
    public Outcome awaitEntered(BooleanSupplier condition, long deadlineNanos) throws InterruptedException {
        return awaitEntered(condition, deadlineNanos, false);
    }

    /** @param forStream whether the caller waits for a part of a stream, and need not be told at once */
    public Outcome awaitEntered(BooleanSupplier condition, long deadlineNanos, boolean forStream)
            throws InterruptedException {
        settle();
        while (true) {
            if (condition.getAsBoolean()) {
                return Outcome.MET;
            }
            if (loop.isStopped()) {
                return Outcome.ENDED;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (deadlineNanos - nowNanos() <= 0) {
                return Outcome.TIMED_OUT;
            }
            try {
                role.await(condition, deadlineNanos, forStream);
            } catch (Throwable e) {
                end(e);
            }
        }
    }

    private void keep() {
        lock.lock();
        try {
            keepEntered();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void keepEntered() {
        try {
            role.keep();
        } catch (Throwable e) {
            // Whatever it was, an error included: nobody may wait for a keeper that is gone.
            end(e);
        } finally {
            keeperEnded = true;
            closers.forEach(execution::unpark);
        }
    }

    /** Sends and tells what has come of a change, and wakes those who have waited for it. */
    private void settle() {
        loop.settle();
        role.wakeServed();
    }

    /** Has a watcher looked at now and after each change. */
    public void watch(Watcher watcher) {
        enter();
        try {
            loop.watch(watcher);
        } finally {
            leave();
        }
    }

    /** Why the driver ended by itself, or {@code null} while it runs or after {@link #close}. */
    public @Nullable Throwable failure() {
        return failure;
    }

    public boolean isClosed() {
        return loop.isStopped();
    }

    /** How many datagrams the network took so far. */
    public long datagramsSent() {
        return loop.datagramsSent();
    }

    /** How many datagrams it did not take. */
    public long sendFailures() {
        return loop.sendFailures();
    }

    /** Ends the driver for a reason that its session did not choose: every waiting caller is told. */
    private void end(Throwable cause) {
        if (loop.isStopped()) {
            return;
        }
        log.error("{}: the session has failed", keeper.getName(), cause);
        failure = cause;
        loop.stop();
        role.wakeServed();
        loop.checkWatchers();
        loop.wakeUp();
        execution.unpark(keeper);
        closePort();
        // Last, as nobody must go on waiting because it fails.
        observer.onFailure(cause);
    }

    /** Sends what is left, ends the keeper thread, closes the port and wakes every waiting caller. Idempotent. */
    @Override
    public void close() {
        lock.lockSoon();
        try {
            loop.flush();
            loop.stop();
            settle();
        } finally {
            lock.unlock();
        }
        loop.wakeUp();
        execution.unpark(keeper);
        if (keeper.isAlive() && Thread.currentThread() != keeper) {
            awaitKeeper();
        }
        closePort();
    }

    /** Parks until the keeper is about to end, since a virtual thread that joins pins its carrier before Java 24. */
    private void awaitKeeper() {
        Thread self = Thread.currentThread();
        boolean interrupted = false;
        lock.lock();
        try {
            closers.add(self);
            while (!keeperEnded) {
                lock.unlock();
                try {
                    execution.park(this);
                    interrupted |= Thread.interrupted();
                } finally {
                    lock.lock();
                }
            }
            closers.remove(self);
        } finally {
            lock.unlock();
        }
        while (keeper.isAlive()) {
            try {
                execution.join(keeper);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            self.interrupt();
        }
    }

    private void closePort() {
        try {
            port.close();
        } catch (IOException e) {
            log.debug("{}: closing the port failed", keeper.getName(), e);
        }
    }
}
