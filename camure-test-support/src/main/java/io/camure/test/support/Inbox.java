package io.camure.test.support;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What has arrived at a scripted node, in the order of its arrival by each way.
 *
 * <p>A script takes one chunk after the other. Repetitions of chunks that were taken may come at any time, since how fast
 * a machine is must not decide about a test; anything else that comes in front of what a script expects fails it.
 */
public final class Inbox {

    /** Never reached by a test that passes. */
    public static final Duration DEADLINE = Duration.ofSeconds(20);

    private final List<Arrival> arrivals = new ArrayList<>();
    private final Predicate<Chunk> unordered;

    private static final class Arrival {
        final Object way;
        final Chunk raw;
        final Chunk chunk;
        boolean taken;

        Arrival(Object way, Chunk raw) {
            this.way = way;
            this.raw = raw;
            chunk = raw.asReadBy01();
        }

        @Override
        public String toString() {
            return (taken ? "  taken   " : "  waiting ") + way + ": " + raw;
        }
    }

    /** @param unordered chunks that may come at any time, such as signs of life */
    Inbox(Predicate<Chunk> unordered) {
        this.unordered = unordered;
    }

    /** @param way by which it came: what comes by one way is in order, but not what comes by two */
    synchronized void add(Object way, Chunk chunk) {
        arrivals.add(new Arrival(way, chunk));
        notifyAll();
    }

    /** Waits for the first chunk that fits and was not taken, by whichever way, and takes it; with all of its bytes. */
    Chunk take(String description, Predicate<Chunk> fitting) {
        return take(description, way -> true, fitting);
    }

    /** As {@link #take(String, Predicate)}, by certain ways only. */
    Chunk take(String description, Predicate<Object> ways, Predicate<Chunk> fitting) {
        return takeArrival(description, ways, fitting).raw;
    }

    /** As {@link #take(String, Predicate, Predicate)}, but gives back the way by which it came. */
    Object takeWay(String description, Predicate<Object> ways, Predicate<Chunk> fitting) {
        return takeArrival(description, ways, fitting).way;
    }

    private synchronized Arrival takeArrival(String description, Predicate<Object> ways, Predicate<Chunk> fitting) {
        long endNanos = System.nanoTime() + DEADLINE.toNanos();
        while (true) {
            for (Arrival arrival : arrivals) {
                if (!arrival.taken && ways.test(arrival.way) && fitting.test(arrival.chunk)) {
                    requireInOrder(arrival, description);
                    arrival.taken = true;
                    return arrival;
                }
            }
            long leftMillis = (endNanos - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                throw new AssertionError(description + " has not come within " + DEADLINE + ". " + describe());
            }
            try {
                wait(leftMillis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for " + description, e);
            }
        }
    }

    private void requireInOrder(Arrival expected, String description) {
        for (Arrival arrival : arrivals) {
            if (arrival == expected) {
                return;
            }
            if (!arrival.taken
                    && arrival.way.equals(expected.way)
                    && !unordered.test(arrival.chunk)
                    && !isRepetition(arrival)) {
                throw new AssertionError(
                        arrival.raw + " has come, unexpected, before " + description + ". " + describe());
            }
        }
    }

    /** What has come by another way, or was taken, is sent again at any time. */
    private boolean isRepetition(Arrival arrival) {
        return arrivals.stream()
                .anyMatch(
                        other -> other.chunk.equals(arrival.chunk) && (other.taken || !other.way.equals(arrival.way)));
    }

    /** How many such chunks have come, taken or not. */
    synchronized int count(Predicate<Chunk> fitting) {
        return (int)
                arrivals.stream().filter(arrival -> fitting.test(arrival.chunk)).count();
    }

    private String describe() {
        return "All that has come:\n" + arrivals.stream().map(Arrival::toString).collect(Collectors.joining("\n"));
    }
}
