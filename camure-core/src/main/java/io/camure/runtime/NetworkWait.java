package io.camure.runtime;

import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.camure.transport.DatagramPort;
import io.camure.transport.Execution;
import java.io.IOException;

/**
 * How the driving thread waits for datagrams: it looks for them as its {@link WaitStrategy} says, then sleeps. For one thread
 * at a time, but for {@link #wakeUp}.
 */
final class NetworkWait implements WaitStrategy.Look {

    private static final long LONGEST_SLEEP_NANOS = HOURS.toNanos(1);

    /** In the middle of a stream datagrams follow one another more closely than this. */
    private static final long STREAM_INTERVAL_NANOS = MICROSECONDS.toNanos(25);

    private static final long LONGEST_INTERVAL_NANOS = MILLISECONDS.toNanos(1);

    /** A short sleep in a stream, after which there are several datagrams to be taken at once. */
    private static final long NAP_NANOS = MICROSECONDS.toNanos(50);

    private final DatagramPort port;
    private final WaitStrategy strategy;
    private final Execution execution;

    /** A moving average of the time between two datagrams. */
    private long intervalNanos = LONGEST_INTERVAL_NANOS;

    private long lastArrivalNanos;
    private volatile boolean wokenUp;

    NetworkWait(DatagramPort port, WaitStrategy strategy, Execution execution) {
        this.port = port;
        this.strategy = strategy;
        this.execution = execution;
    }

    /**
     * Waits until datagrams were received, the timeout is over, {@link #wakeUp} was called or the thread was interrupted.
     *
     * @param forStream whether what is waited for is part of a stream, where it matters more that others can work
     *     meanwhile than that it is noticed at once
     * @return how many datagrams there are to be handed over; after 0 there may be some nevertheless
     */
    int await(long timeoutNanos, boolean forStream) throws IOException {
        int received = port.receive();
        if (received > 0 || timeoutNanos <= 0 || takeWakeUp()) {
            return note(received);
        }
        long startNanos = execution.nanoTime();
        boolean nap = forStream && intervalNanos < STREAM_INTERVAL_NANOS && strategy.napsInStream();
        if (nap) {
            execution.parkNanos(this, Math.min(NAP_NANOS, timeoutNanos));
            received = port.receive();
        } else {
            received = strategy.look(this, startNanos, timeoutNanos);
        }
        if (received == 0) {
            long leftNanos = timeoutNanos - (execution.nanoTime() - startNanos);
            if (leftNanos > 0 && !takeWakeUp()) {
                port.awaitDatagram(Math.min(leftNanos, LONGEST_SLEEP_NANOS));
                wokenUp = false;
                received = port.receive();
            }
        }
        if (received > 0 && !nap) {
            strategy.onWaited(execution.nanoTime() - startNanos);
        }
        return note(received);
    }

    private int note(int received) {
        if (received > 0) {
            long nowNanos = execution.nanoTime();
            long sinceNanos = Math.min(nowNanos - lastArrivalNanos, LONGEST_INTERVAL_NANOS);
            intervalNanos += (sinceNanos / received - intervalNanos) / 8;
            lastArrivalNanos = nowNanos;
        }
        return received;
    }

    private boolean takeWakeUp() {
        boolean result = wokenUp;
        wokenUp = false;
        return result;
    }

    /** For a strategy: takes what has arrived at the socket that is most likely to have something. */
    @Override
    public int poll() throws IOException {
        return port.poll();
    }

    /** For a strategy: whether not to look any longer. */
    @Override
    public boolean isOver() {
        return wokenUp || Thread.currentThread().isInterrupted();
    }

    /** For a strategy: the time. */
    @Override
    public long nanoTime() {
        return execution.nanoTime();
    }

    /** Ends the current wait, or the next one at once. May be called by any thread. */
    void wakeUp() {
        wokenUp = true;
        port.wakeUp();
    }
}
