package io.camure.spring.session;

import io.camure.Round;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The rounds that this application has waited for at one barrier. */
public final class RoundRecord {

    /** So many of the last rounds are kept, to tell how long they took. */
    private static final int RECENT = 128;

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /** The rest is guarded by this. */
    private final long[] counts = new long[Outcome.values().length];

    private final long[] recentNanos = new long[RECENT];
    private long lastNumber = -1;
    private long lastBroken = -1;
    private Optional<Ended> last = Optional.empty();

    /** How a wait for a round has ended. */
    public enum Outcome {
        COMPLETED,
        TIMEOUT,
        FAILED
    }

    /** A completed round and when it ended. */
    public record Ended(Round round, Instant at) {}

    /**
     * How long the last completed rounds took.
     *
     * @param count how many that are, 128 at most
     */
    public record Recent(int count, Duration median, Duration p99, Duration maximum) {}

    /** Is told how long waits have taken. Called by those who have waited, so that it must be quick. */
    public interface Listener {
        void onRound(Outcome outcome, Duration duration);
    }

    public void addListener(Listener listener) {
        listeners.add(listener);
    }

    /** Counts a round once, however many threads have waited for it. */
    public void onCompleted(Round round) {
        synchronized (this) {
            if (round.number() <= lastNumber) {
                return;
            }
            lastNumber = round.number();
            last = Optional.of(new Ended(round, Instant.now()));
            int completed = Outcome.COMPLETED.ordinal();
            recentNanos[(int) (counts[completed] % RECENT)] = round.duration().toNanos();
            counts[completed]++;
        }
        tell(Outcome.COMPLETED, round.duration());
    }

    /** @return whether this round was not known to be broken before */
    synchronized boolean onBroken(long number) {
        if (number == lastBroken) {
            return false;
        }
        lastBroken = number;
        return true;
    }

    void onIncomplete(Outcome outcome, Duration duration) {
        synchronized (this) {
            counts[outcome.ordinal()]++;
        }
        tell(outcome, duration);
    }

    private void tell(Outcome outcome, Duration duration) {
        listeners.forEach(listener -> listener.onRound(outcome, duration));
    }

    /** The barrier is joined or created anew, so that rounds may be counted from the beginning. */
    synchronized void onNewNumbering() {
        lastNumber = -1;
        lastBroken = -1;
    }

    public synchronized Optional<Ended> last() {
        return last;
    }

    /** How many waits have ended so since the application's start. */
    public synchronized long count(Outcome outcome) {
        return counts[outcome.ordinal()];
    }

    /** How long the last completed rounds took; nothing before the first. */
    public Optional<Recent> recent() {
        long[] sorted;
        synchronized (this) {
            sorted = Arrays.copyOf(recentNanos, (int) Math.min(RECENT, count(Outcome.COMPLETED)));
        }
        if (sorted.length == 0) {
            return Optional.empty();
        }
        Arrays.sort(sorted);
        return Optional.of(
                new Recent(sorted.length, quantile(sorted, 0.5), quantile(sorted, 0.99), quantile(sorted, 1)));
    }

    private static Duration quantile(long[] sortedNanos, double quantile) {
        return Duration.ofNanos(sortedNanos[(int) Math.ceil(quantile * sortedNanos.length) - 1]);
    }
}
