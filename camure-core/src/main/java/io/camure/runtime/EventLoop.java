package io.camure.runtime;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.StateMachine;
import io.camure.transport.DatagramHandler;
import io.camure.transport.DatagramPort;
import io.camure.transport.Execution;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is done in a turn: wait for datagrams, take them, read the clock once, do what is due, send, tell what has happened.
 *
 * <p>All is guarded by the session's lock, which a turn lets go of only while it waits for the network. Who makes the turns
 * is none of its business, see {@link DriverRole}.
 */
final class EventLoop {

    /** The number of full batches that are taken before deadlines are looked at: more than a receive buffer of 1 MiB holds. */
    private static final int BATCHES_PER_TURN = 64;

    /** To wake a thread costs more than it gains when something is due only so much earlier than the thread knows. */
    private static final long WORTH_WAKING_NANOS = MILLISECONDS.toNanos(1);

    private static final DatagramCodec.Transmitter DISCARD = (datagrams, datagramBytes, destination) -> {};

    private final StateMachine machine;
    private final DatagramPort port;
    private final NetworkWait network;
    private final SessionObserver observer;
    private final SessionLock lock;
    private final Execution execution;
    private final long originNanos;
    private final List<Watcher> watchers = new ArrayList<>();
    private final DatagramHandler handler = this::onDatagram;

    private final DatagramCodec.Transmitter transmitter = new DatagramCodec.Transmitter() {

        @Override
        public void send(ByteBuffer datagrams, int datagramBytes, InetSocketAddress destination) {
            transmit(datagrams, datagramBytes, destination);
        }

        @Override
        public void flush() {
            port.flush();
        }
    };

    /** How many datagrams the port was given, and how many of them the network did not take. */
    private final AtomicLong handedOn = new AtomicLong();

    private final AtomicLong refused = new AtomicLong();

    /** Has callers that wait notice what has changed. */
    private Runnable noticing = () -> {};

    /** The time of the turn. */
    private long turnNanos;

    /** When deadlines will be looked at without anybody being woken. */
    private long wakeUpNanos;

    /** Written under the lock. */
    private volatile boolean stopped;

    EventLoop(
            StateMachine machine,
            DatagramPort port,
            NetworkWait network,
            SessionObserver observer,
            SessionLock lock,
            Execution execution) {
        this.machine = machine;
        this.port = port;
        this.network = network;
        this.observer = observer;
        this.lock = lock;
        this.execution = execution;
        originNanos = execution.nanoTime();
    }

    /** Has callers that wait notice what a batch has changed before another thread is let in behind it. */
    void noticeBy(Runnable notice) {
        noticing = notice;
    }

    /** The time that the state machine knows. */
    long nowNanos() {
        return execution.nanoTime() - originNanos;
    }

    /** The time of the last turn. */
    long turnNanos() {
        return turnNanos;
    }

    /**
     * Makes a turn. Waits for datagrams without the lock, and takes them with it. Lets others have the lock after each batch
     * of datagrams that the port hands over, so that nobody waits for it for longer.
     *
     * @param deadlineNanos when to stop waiting though nothing is due
     * @param forStream as in {@link NetworkWait#await}
     */
    void turn(long deadlineNanos, boolean forStream) throws IOException {
        if (lock.isAwaitedStill()) {
            lock.letOthersIn();
        }
        long nowNanos = nowNanos();
        wakeUpNanos = Math.min(deadlineNanos, nextDeadlineNanos());
        machine.outbox().codec().onPause();
        int received;
        lock.unlock();
        try {
            received = network.await(Math.max(0, wakeUpNanos - nowNanos), forStream && !machine.answersOneByOne());
        } finally {
            lock.lock();
        }
        if (stopped) {
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
            if (machine.outbox().hasDatagrams()) {
                observer.publish();
                flush();
            }
            if (lock.isAwaited() && !letOthersIn()) {
                return;
            }
            received = port.receive();
        }
        machine.onDeadline(turnNanos);
        // Before anybody is told of it, be it by a datagram.
        observer.publish();
        settle();
    }

    /** @return whether the turn goes on: who was let in may have stopped the loop */
    private boolean letOthersIn() {
        observer.publish();
        settle();
        noticing.run();
        lock.letOthersIn();
        // What they have done is not to be later than what follows.
        turnNanos = nowNanos();
        return !stopped;
    }

    private long nextDeadlineNanos() {
        long nextNanos = machine.nextDeadlineNanos();
        for (int i = 0; i < watchers.size(); i++) {
            nextNanos = Math.min(nextNanos, watchers.get(i).deadlineNanos());
        }
        return nextNanos;
    }

    private void onDatagram(InetSocketAddress source, ByteBuffer datagram) {
        machine.onDatagram(source, datagram, turnNanos);
        if (machine.answersOneByOne() && machine.outbox().hasDatagrams()) {
            observer.publish();
            flush();
        }
    }

    /** Sends what the state machine wants sent, hands on events, and has watchers look at what has changed by either. */
    void settle() {
        flush();
        handOnEvents();
        checkWatchers();
        // A watcher may have had the state machine do something.
        handOnEvents();
    }

    private void handOnEvents() {
        if (machine.outbox().hasEvents()) {
            machine.outbox().takeEvents().forEach(observer::onEvent);
        }
    }

    void checkWatchers() {
        if (!watchers.isEmpty()) {
            long nowNanos = nowNanos();
            watchers.removeIf(watcher -> watcher.check(nowNanos));
        }
    }

    /** Sends what the state machine wants sent. */
    void flush() {
        Outbox outbox = machine.outbox();
        if (outbox.hasDatagrams()) {
            if (!stopped && maySend()) {
                outbox.transmit(transmitter);
                port.flush();
                refused.setRelease(port.sendFailures());
            } else {
                outbox.transmit(DISCARD);
            }
        }
    }

    private boolean maySend() {
        long endNanos = machine.sendsUntilNanos();
        // Not by the time of the turn: the process may have been stopped since.
        return endNanos == RetryTimer.NEVER || nowNanos() < endNanos;
    }

    private void transmit(ByteBuffer datagrams, int datagramBytes, InetSocketAddress destination) {
        int count = datagramBytes == 0 ? 1 : (datagrams.remaining() + datagramBytes - 1) / datagramBytes;
        // Before anybody can have answered.
        handedOn.setRelease(handedOn.getPlain() + count);
        port.send(datagrams, datagramBytes, destination);
    }

    /** How many datagrams the network took so far. May be asked by any thread. */
    long datagramsSent() {
        return handedOn.getAcquire() - refused.getAcquire();
    }

    /** How many datagrams it did not take. May be asked by any thread. */
    long sendFailures() {
        return refused.getAcquire();
    }

    /** Has a watcher looked at now and after each change. */
    void watch(Watcher watcher) {
        if (!watcher.check(nowNanos())) {
            watchers.add(watcher);
        }
    }

    /** Ends the wait of the current turn, or of the next one. */
    void wakeUp() {
        network.wakeUp();
    }

    /** Ends it if there is something to do much earlier than who waits knows. */
    void wakeUpIfEarlier() {
        long nextNanos = nextDeadlineNanos();
        if (nextNanos < wakeUpNanos - WORTH_WAKING_NANOS) {
            wakeUpNanos = nextNanos;
            network.wakeUp();
        }
    }

    /** From now on nothing is taken or sent. */
    void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }
}
