package io.camure.runtime;

import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.base.StateMachine;
import io.camure.transport.DatagramPort;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
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
 * drives already, it is woken by that one. While no caller waits, the keeper thread drives; it leaves the role to a
 * caller at once, and takes it back a moment after the last one has gone. Thread-safe.
 */
public final class SessionDriver implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SessionDriver.class);

    private final DatagramPort port;
    private final ReentrantLock lock = new ReentrantLock();
    private final EventLoop loop;
    private final DriverRole role;
    private final Thread keeper;
    private final Consumer<Throwable> failureSink;
    private @Nullable Throwable failure;

    /** Something that is looked at after each change, under the lock, until it says that it is done. */
    public interface Watcher {

        /** @return whether it is done */
        boolean check(long nowNanos);

        /** When it wants to be looked at though nothing has changed. */
        long deadlineNanos();
    }

    /** How a wait ended. */
    public enum Outcome {
        MET,
        TIMED_OUT,
        /** The driver was closed or has failed. */
        ENDED
    }

    /** How the driving thread waits for the network; see {@link NetworkWait}. */
    public enum Idle {
        ADAPTIVE,
        BLOCKING,
        SPINNING
    }

    /**
     * @param name of the keeper thread
     * @param eventSink gets the events in order and under the lock, so it may only hand them on
     * @param failureSink is told why when the driver ends by itself, in the same way
     */
    public SessionDriver(
            String name,
            StateMachine machine,
            DatagramPort port,
            Idle idle,
            Consumer<SessionEvent> eventSink,
            Consumer<Throwable> failureSink) {
        this.port = port;
        this.failureSink = failureSink;
        NetworkWait network = new NetworkWait(port, NetworkWait.Strategy.valueOf(idle.name()));
        loop = new EventLoop(machine, port, network, eventSink, lock);
        keeper = new Thread(this::keep, name);
        keeper.setDaemon(true);
        role = new DriverRole(lock, loop, keeper);
    }

    public void start() {
        keeper.start();
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
        lock.lock();
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
            return command.apply(nowNanos());
        } finally {
            leave();
        }
    }

    /** Reads from the state machine. */
    public <T extends @Nullable Object> T read(LongFunction<T> query) {
        lock.lock();
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
            if (role.isFree()) {
                drive(condition, deadlineNanos, forStream);
            } else {
                role.waitForDriver(condition, deadlineNanos);
            }
        }
    }

    private void drive(BooleanSupplier condition, long deadlineNanos, boolean forStream) {
        try {
            role.drive(condition, deadlineNanos, forStream);
        } catch (Throwable e) {
            end(e);
        }
    }

    private void keep() {
        lock.lock();
        try {
            role.keep();
        } catch (Throwable e) {
            // Whatever it was, an error included: nobody may wait for a keeper that is gone.
            end(e);
        } finally {
            lock.unlock();
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
        lock.lock();
        try {
            return failure;
        } finally {
            lock.unlock();
        }
    }

    public boolean isClosed() {
        lock.lock();
        try {
            return loop.isStopped();
        } finally {
            lock.unlock();
        }
    }

    /** How many datagrams the network took so far. */
    public long datagramsSent() {
        return read(nowNanos -> port.datagramsSent());
    }

    /** How many datagrams it did not take. */
    public long sendFailures() {
        return read(nowNanos -> port.sendFailures());
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
        LockSupport.unpark(keeper);
        closePort();
        // Last, as nobody must go on waiting because it fails.
        failureSink.accept(cause);
    }

    /** Sends what is left, ends the keeper thread, closes the port and wakes every waiting caller. Idempotent. */
    @Override
    public void close() {
        lock.lock();
        try {
            loop.flush();
            loop.stop();
            settle();
        } finally {
            lock.unlock();
        }
        loop.wakeUp();
        LockSupport.unpark(keeper);
        joinKeeper();
        closePort();
    }

    private void joinKeeper() {
        boolean interrupted = false;
        while (keeper.isAlive() && Thread.currentThread() != keeper) {
            try {
                keeper.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
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
