package io.camure.spring.round;

import io.camure.Round;
import io.camure.spring.kind.GroupTimer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The rounds that this application has waited for in one group. */
public final class RoundRecord {

    /** A tag, since groups of several kinds have rounds, and one meter has the same tags everywhere. */
    private static final String KIND = "kind";

    /** So many of the last rounds are kept, to tell how long they took. */
    private static final int RECENT = 128;

    private final Supplier<Duration> timeInNetwork;
    private final Map<Outcome, GroupTimer> timers = new EnumMap<>(Outcome.class);
    private final GroupTimer wait;

    /** The rest is guarded by this. */
    private final long[] counts = new long[Outcome.values().length];

    private final Round[] recent = new Round[RECENT];
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

    /**
     * @param kind of the group, such as {@code barrier}
     * @param timeInNetwork how much of a round is spent there, which is no waiting for others
     */
    public RoundRecord(String kind, Supplier<Duration> timeInNetwork) {
        this.timeInNetwork = timeInNetwork;
        wait = new GroupTimer(
                "camure.barrier.wait",
                "Time for which this node waited for others in completed rounds, without the network's part of it",
                Map.of(KIND, kind));
        for (Outcome outcome : Outcome.values()) {
            timers.put(
                    outcome,
                    new GroupTimer(
                            "camure.round",
                            "Time from this node's arrival to the end of the round or of the wait",
                            Map.of(KIND, kind, "outcome", outcome.name().toLowerCase(Locale.ROOT))));
        }
    }

    /** How long rounds and waits take. */
    public List<GroupTimer> timers() {
        List<GroupTimer> all = new ArrayList<>(timers.values());
        all.add(wait);
        return all;
    }

    /** Counts a round once, however many threads have waited for it. */
    public void onCompleted(Round round) {
        synchronized (this) {
            if (isCounted(round)) {
                return;
            }
            last = Optional.of(new Ended(round, Instant.now()));
            int completed = Outcome.COMPLETED.ordinal();
            recent[(int) (counts[completed] % RECENT)] = round;
            counts[completed]++;
        }
        tell(Outcome.COMPLETED, round.duration());
    }

    /** Not by its number alone, which begins at 0 again when this node is in the session of another coordinator. */
    private boolean isCounted(Round round) {
        boolean isNew = last.isEmpty() || round.number() > last.get().round().number();
        return !isNew && Arrays.asList(recent).contains(round);
    }

    /** @return whether this round was not known to be broken before */
    public synchronized boolean onBroken(long number) {
        if (number == lastBroken) {
            return false;
        }
        lastBroken = number;
        return true;
    }

    public void onIncomplete(Outcome outcome, Duration duration) {
        synchronized (this) {
            counts[outcome.ordinal()]++;
        }
        tell(outcome, duration);
    }

    private void tell(Outcome outcome, Duration duration) {
        Objects.requireNonNull(timers.get(outcome)).record(duration);
        if (outcome == Outcome.COMPLETED) {
            Duration waited = duration.minus(timeInNetwork.get());
            wait.record(waited.isNegative() ? Duration.ZERO : waited);
        }
    }

    /** This node is out of the barrier: rounds may be numbered from the beginning when it is in again. */
    public synchronized void onNewNumbering() {
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
            sorted = Stream.of(recent)
                    .limit(count(Outcome.COMPLETED))
                    .mapToLong(round -> round.duration().toNanos())
                    .toArray();
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
