package io.camure.runtime;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.camure.protocol.Outbox;
import io.camure.protocol.SessionEvent;
import io.camure.protocol.StateMachine;
import io.camure.transport.DatagramHandler;
import io.camure.transport.DatagramPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
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

    /** So often full batches are taken before deadlines are looked at: more than a receive buffer of 1 MiB holds. */
    private static final int BATCHES_PER_TURN = 64;

    /** How long the keeper waits for the next caller before it drives itself. */
    private static final long LINGER_NANOS = MILLISECONDS.toNanos(1);

    /** A caller that drives for more than so many lingers is not about to go, and wakes the keeper when it does. */
    private static final int LINGERS_BEFORE_SLEEP = 4;

    /** A driver that has served another caller so often without being served itself leaves the role to it. */
    private static final int SERVED_BEFORE_CHANGE = 8;

    private static final Logger log = LoggerFactory.getLogger(SessionDriver.class);

    private final StateMachine machine;
    private final DatagramPort port;
    private final NetworkWait network;
    private final Consumer<SessionEvent> eventSink;
    private final Thread keeper;
    private final long originNanos = System.nanoTime();
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Watcher> watchers = new ArrayList<>();
    private final DatagramHandler handler = this::onDatagram;
    private final Outbox.Transmitter transmitter = this::transmit;

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
    private long roleChanges;

    /** How often the driver has served others since it was served itself. */
    private int servedOthers;

    private boolean keeperSleeps;

    /** The time of the turn. */
    private long turnNanos;

    /** When the driver will look at deadlines without being woken. */
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

    /** How the driving thread waits for the network; see {@link NetworkWait}. */
    public enum Idle {
        ADAPTIVE,
        BLOCKING,
        SPINNING
    }

    private static final class Waiter {
        @Nullable
        Thread thread;

        @Nullable
        BooleanSupplier condition;
    }

    /**
     * @param name of the keeper thread
     * @param eventSink gets the events in order and under the lock, so it may only hand them on
     */
    public SessionDriver(
            String name, StateMachine machine, DatagramPort port, Idle idle, Consumer<SessionEvent> eventSink) {
        this.machine = machine;
        this.port = port;
        this.eventSink = eventSink;
        network = new NetworkWait(port, NetworkWait.Strategy.valueOf(idle.name()));
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
                finishTurn();
                wakeDriverIfNeeded();
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
        flush();
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
        finishTurn();
        while (true) {
            if (condition.getAsBoolean()) {
                return Outcome.MET;
            }
            if (closed) {
                return Outcome.ENDED;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (deadlineNanos - nowNanos() <= 0) {
                return Outcome.TIMED_OUT;
            }
            if (driving == null) {
                drive(condition, deadlineNanos, forStream);
            } else {
                waitForDriver(condition, deadlineNanos);
            }
        }
    }

    /** Makes turns until the condition holds, the deadline has come, the caller is interrupted or the role is asked for. */
    private void drive(BooleanSupplier condition, long deadlineNanos, boolean forStream) {
        Thread self = Thread.currentThread();
        takeRole(self);
        try {
            drivingCondition = condition;
            while (!closed && successor == null && !self.isInterrupted()) {
                turn(deadlineNanos, forStream && waiters.isEmpty());
                if (condition.getAsBoolean()) {
                    return;
                }
                if (deadlineNanos - turnNanos <= 0) {
                    return;
                }
            }
        } catch (Throwable e) {
            end(e);
        } finally {
            leaveRole();
        }
    }

    private void takeRole(Thread thread) {
        driving = thread;
        servedOthers = 0;
        roleChanges++;
    }

    private void leaveRole() {
        roleChanges++;
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

    private void waitForDriver(BooleanSupplier condition, long deadlineNanos) {
        Waiter waiter = spareWaiters.isEmpty() ? new Waiter() : spareWaiters.pop();
        waiter.thread = Thread.currentThread();
        waiter.condition = condition;
        waiters.add(waiter);
        if (successor == null && (driving == keeper || servedOthers >= SERVED_BEFORE_CHANGE)) {
            successor = waiter;
            network.wakeUp();
        } else {
            // What this caller has done before it waits.
            wakeDriverIfNeeded();
        }
        while (!closed
                && waiters.contains(waiter)
                && driving != null
                && driving != waiter.thread
                && !Thread.currentThread().isInterrupted()) {
            long leftNanos = deadlineNanos - nowNanos();
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
            leaveRole();
        }
        waiter.thread = null;
        waiter.condition = null;
        spareWaiters.push(waiter);
    }

    /** Has a watcher looked at now and after each change. */
    public void watch(Watcher watcher) {
        enter();
        try {
            if (!watcher.check(nowNanos())) {
                watchers.add(watcher);
            }
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
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void keep() {
        lock.lock();
        try {
            while (!closed) {
                if (driving == null) {
                    takeRole(keeper);
                    keepDriving();
                    leaveRole();
                }
                linger();
            }
        } catch (Throwable e) {
            // Whatever it was, an error included: nobody may wait for a keeper that is gone.
            end(e);
        } finally {
            lock.unlock();
        }
    }

    private void keepDriving() throws IOException {
        while (!closed && successor == null) {
            turn(Long.MAX_VALUE, waiters.isEmpty());
        }
    }

    /** Until nobody has driven for a moment. */
    private void linger() {
        int lingers = 0;
        long seenChanges;
        do {
            seenChanges = roleChanges;
            boolean somebodyDrives = driving != null;
            keeperSleeps = somebodyDrives && ++lingers >= LINGERS_BEFORE_SLEEP;
            lock.unlock();
            if (keeperSleeps) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, LINGER_NANOS);
            }
            lock.lock();
            if (seenChanges != roleChanges) {
                lingers = 0;
            }
        } while (!closed && (driving != null || seenChanges != roleChanges));
        keeperSleeps = false;
        // A caller that another one has kept from driving does so itself now.
        if (!closed && !waiters.isEmpty()) {
            Waiter next = waiters.get(waiters.size() - 1);
            driving = next.thread;
            roleChanges++;
            LockSupport.unpark(next.thread);
        }
    }

    /** Waits for datagrams without the lock, and takes them with it. */
    private void turn(long deadlineNanos, boolean forStream) throws IOException {
        long nowNanos = nowNanos();
        wakeUpNanos = Math.min(deadlineNanos, machine.nextDeadlineNanos());
        for (int i = 0; i < watchers.size(); i++) {
            wakeUpNanos = Math.min(wakeUpNanos, watchers.get(i).deadlineNanos());
        }
        int received;
        lock.unlock();
        try {
            received = network.await(Math.max(0, wakeUpNanos - nowNanos), forStream);
        } finally {
            lock.lock();
        }
        if (closed) {
            return;
        }
        turnNanos = nowNanos();
        if (received == 0 && machine.nextDeadlineNanos() <= turnNanos) {
            // The process may have been stopped since it looked last, and what came meanwhile is not late.
            received = port.receive();
        }
        for (int i = 0; received > 0; i++) {
            port.handOver(handler);
            if (i == BATCHES_PER_TURN || received == 1 && machine.nextDeadlineNanos() > turnNanos) {
                // One is mostly all; to be sure of that would cost a system call.
                break;
            }
            // After a pause signs of life are still queued; yet a flood must not keep deadlines from being looked at.
            flush();
            received = port.receive();
        }
        machine.onDeadline(turnNanos);
        finishTurn();
    }

    private void onDatagram(InetSocketAddress source, ByteBuffer datagram) {
        machine.onDatagram(source, datagram, turnNanos);
    }

    private void finishTurn() {
        flush();
        if (!watchers.isEmpty()) {
            long nowNanos = nowNanos();
            watchers.removeIf(watcher -> watcher.check(nowNanos));
        }
        if (machine.outbox().hasEvents()) {
            machine.outbox().takeEvents().forEach(eventSink);
        }
        wakeServed();
    }

    private void wakeServed() {
        for (int i = waiters.size() - 1; i >= 0; i--) {
            Waiter waiter = waiters.get(i);
            BooleanSupplier condition = waiter.condition;
            if (closed || condition != null && condition.getAsBoolean()) {
                waiters.remove(i);
                servedOthers++;
                LockSupport.unpark(waiter.thread);
            }
        }
    }

    private void flush() {
        Outbox outbox = machine.outbox();
        if (outbox.hasDatagrams()) {
            if (!closed) {
                outbox.transmit(transmitter);
                port.flush();
            } else {
                outbox.transmit(DISCARD);
            }
        }
    }

    private static final Outbox.Transmitter DISCARD = (datagrams, datagramBytes, destination) -> {};

    private void transmit(ByteBuffer datagrams, int datagramBytes, InetSocketAddress destination) {
        port.send(datagrams, datagramBytes, destination);
    }

    /** Wakes who drives when it has nothing more to wait for, or something to do much earlier than it knows. */
    private void wakeDriverIfNeeded() {
        if (closed || driving == null) {
            return;
        }
        BooleanSupplier condition = drivingCondition;
        if (condition != null && condition.getAsBoolean()) {
            network.wakeUp();
            return;
        }
        long nextNanos = machine.nextDeadlineNanos();
        for (int i = 0; i < watchers.size(); i++) {
            nextNanos = Math.min(nextNanos, watchers.get(i).deadlineNanos());
        }
        if (nextNanos < wakeUpNanos - LINGER_NANOS) {
            wakeUpNanos = nextNanos;
            network.wakeUp();
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
        if (closed) {
            return;
        }
        log.error("{}: the session has failed", keeper.getName(), cause);
        closed = true;
        failure = cause;
        wakeServed();
        watchers.removeIf(watcher -> watcher.check(nowNanos()));
        network.wakeUp();
        LockSupport.unpark(keeper);
        closePort();
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
        network.wakeUp();
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
