package io.camure.test;

import io.camure.transport.Execution;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Datagrams that are under way for a while; they arrive by a thread that exists only while there are any. Thread-safe. */
final class DelayedArrivals {

    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Execution execution;
    private final ReentrantLock lock = new ReentrantLock();
    private final PriorityQueue<Arrival> arrivals = new PriorityQueue<>();
    private long count;
    private @Nullable Thread thread;
    private boolean closed;

    /** @param number in the order of sending, which is that of arrivals at the same time */
    private record Arrival(long atNanos, long number, Runnable arrival) implements Comparable<Arrival> {

        @Override
        public int compareTo(Arrival other) {
            int byTime = Long.compare(atNanos - other.atNanos, 0);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    DelayedArrivals(Execution execution) {
        this.execution = execution;
    }

    /** Has something arrive after a while, unless all is over by then. */
    void schedule(Runnable arrival, long delayNanos) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            Arrival added = new Arrival(execution.nanoTime() + delayNanos, count++, arrival);
            arrivals.add(added);
            Thread running = thread;
            if (running == null) {
                Thread started = execution.newThread("camure-test-network", this::run);
                thread = started;
                started.start();
            } else if (added.equals(arrivals.peek())) {
                execution.unpark(running);
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        long idleSinceNanos = execution.nanoTime();
        while (true) {
            Runnable due = null;
            long leftNanos;
            lock.lock();
            try {
                long nowNanos = execution.nanoTime();
                Arrival next = arrivals.peek();
                leftNanos = (next == null ? idleSinceNanos + IDLE_NANOS : next.atNanos()) - nowNanos;
                if (next != null && leftNanos <= 0) {
                    due = arrivals.remove().arrival();
                    idleSinceNanos = nowNanos;
                } else if (closed || leftNanos <= 0) {
                    thread = null;
                    return;
                }
            } finally {
                lock.unlock();
            }
            if (due != null) {
                due.run();
            } else {
                execution.parkNanos(this, leftNanos);
            }
        }
    }

    /** Loses what is under way. */
    void close() {
        lock.lock();
        try {
            closed = true;
            arrivals.clear();
            Thread running = thread;
            if (running != null) {
                execution.unpark(running);
            }
        } finally {
            lock.unlock();
        }
    }
}
