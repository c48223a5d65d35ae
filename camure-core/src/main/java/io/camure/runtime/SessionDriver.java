package io.camure.runtime;

import io.camure.protocol.Outbox;
import io.camure.protocol.SessionEvent;
import io.camure.protocol.StateMachine;
import io.camure.transport.DatagramPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
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
 * turn — read the clock once, take datagrams, do what is due, send — is made by the keeper thread; a caller's command is
 * run and its datagrams are sent in the caller's own thread. Thread-safe.
 */
public final class SessionDriver implements AutoCloseable {

    /** So many datagrams are taken before what comes of them is sent. */
    private static final int DATAGRAMS_PER_BATCH = 256;

    /** So many batches are taken before deadlines are looked at: more than a receive buffer of 1 MiB holds. */
    private static final int BATCHES_PER_TURN = 32;

    private static final int LARGEST_DATAGRAM_BYTES = 65536;

    private static final Logger log = LoggerFactory.getLogger(SessionDriver.class);

    private final StateMachine machine;
    private final DatagramPort port;
    private final Consumer<SessionEvent> eventSink;
    private final Thread keeper;
    private final long originNanos = System.nanoTime();
    private final ByteBuffer receiveBuffer = ByteBuffer.allocateDirect(LARGEST_DATAGRAM_BYTES);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Watcher> watchers = new ArrayList<>();

    /** When the keeper will look at deadlines without being woken. */
    private long wakeUpNanos;

    private boolean closed;
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

    /**
     * @param name of the keeper thread
     * @param eventSink gets the events in order and under the lock, so it may only hand them on
     */
    public SessionDriver(String name, StateMachine machine, DatagramPort port, Consumer<SessionEvent> eventSink) {
        this.machine = machine;
        this.port = port;
        this.eventSink = eventSink;
        keeper = new Thread(this::keep, name);
        keeper.setDaemon(true);
    }

    public void start() {
        keeper.start();
    }

    /** The time that the state machine knows, in nanoseconds. */
    public long nowNanos() {
        return System.nanoTime() - originNanos;
    }

    /** Runs a command of the state machine, and sends what comes of it before returning. */
    public <T> T execute(LongFunction<T> command) {
        lock.lock();
        try {
            T result = command.apply(nowNanos());
            finishTurn();
            if (machine.nextDeadlineNanos() < wakeUpNanos) {
                port.wakeUp();
            }
            return result;
        } finally {
            lock.unlock();
        }
    }

    /** Reads from the state machine. */
    public <T> T read(LongFunction<T> query) {
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
        lock.lockInterruptibly();
        try {
            while (true) {
                if (condition.getAsBoolean()) {
                    return Outcome.MET;
                }
                if (closed) {
                    return Outcome.ENDED;
                }
                long leftNanos = deadlineNanos - nowNanos();
                if (leftNanos <= 0) {
                    return Outcome.TIMED_OUT;
                }
                changed.awaitNanos(leftNanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Has a watcher looked at now and after each change. */
    public void watch(Watcher watcher) {
        lock.lock();
        try {
            if (!watcher.check(nowNanos())) {
                watchers.add(watcher);
                port.wakeUp();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Why the driver ended by itself, or {@code null} while it runs or after {@link #close}. */
    public @Nullable Throwable failure() {
        return read(nowNanos -> failure);
    }

    public boolean isClosed() {
        return read(nowNanos -> closed);
    }

    private void keep() {
        try {
            long timeoutNanos = 0;
            while (timeoutNanos >= 0) {
                port.awaitDatagram(timeoutNanos);
                timeoutNanos = turn();
            }
        } catch (Throwable e) {
            // Whatever it was, an error included: nobody may wait for a keeper that is gone.
            end(e);
        }
    }

    /** @return how long the keeper may sleep; negative when it is to end */
    private long turn() throws IOException {
        lock.lock();
        try {
            if (closed) {
                return -1;
            }
            long nowNanos = nowNanos();
            int taken = takeDatagrams(nowNanos);
            // After a pause signs of life are still queued; yet a flood must not keep deadlines from being looked at.
            for (int i = 1; i < BATCHES_PER_TURN && taken == DATAGRAMS_PER_BATCH; i++) {
                flush();
                taken = takeDatagrams(nowNanos);
            }
            machine.onDeadline(nowNanos);
            finishTurn();
            wakeUpNanos = machine.nextDeadlineNanos();
            for (Watcher watcher : watchers) {
                wakeUpNanos = Math.min(wakeUpNanos, watcher.deadlineNanos());
            }
            return taken == DATAGRAMS_PER_BATCH ? 0 : Math.max(0, wakeUpNanos - nowNanos());
        } finally {
            lock.unlock();
        }
    }

    private int takeDatagrams(long nowNanos) throws IOException {
        int taken = 0;
        while (taken < DATAGRAMS_PER_BATCH) {
            InetSocketAddress source = port.receive(receiveBuffer.clear());
            if (source == null) {
                break;
            }
            machine.onDatagram(source, receiveBuffer.flip(), nowNanos);
            taken++;
        }
        return taken;
    }

    private void finishTurn() {
        flush();
        long nowNanos = nowNanos();
        watchers.removeIf(watcher -> watcher.check(nowNanos));
        if (machine.outbox().hasEvents()) {
            machine.outbox().takeEvents().forEach(eventSink);
        }
        changed.signalAll();
    }

    /** A datagram that can't be sent is as good as one lost on the way: who waits for an answer repeats it. */
    private void flush() {
        Outbox outbox = machine.outbox();
        for (int i = 0; i < outbox.datagramCount() && !closed; i++) {
            try {
                if (port.send(outbox.datagram(i), outbox.destination(i))) {
                    machine.counters().onSent();
                } else {
                    machine.counters().onSendFailure();
                }
            } catch (IOException e) {
                machine.counters().onSendFailure();
                log.debug("{}: sending to {} failed", keeper.getName(), outbox.destination(i), e);
            }
        }
        outbox.clearDatagrams();
    }

    /** Ends the driver for a reason that its session did not choose: every waiting caller is told. */
    private void end(Throwable cause) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            log.error("{}: the session has failed", keeper.getName(), cause);
            closed = true;
            failure = cause;
            changed.signalAll();
            finishTurn();
        } finally {
            lock.unlock();
            closePort();
        }
    }

    /** Sends what is left, ends the keeper thread, closes the port and wakes every waiting caller. Idempotent. */
    @Override
    public void close() {
        lock.lock();
        try {
            flush();
            closed = true;
            finishTurn();
        } finally {
            lock.unlock();
        }
        port.wakeUp();
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
