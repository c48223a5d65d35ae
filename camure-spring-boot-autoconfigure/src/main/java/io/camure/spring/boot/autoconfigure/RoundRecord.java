package io.camure.spring.boot.autoconfigure;

import io.camure.Round;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The rounds that this application has waited for at one barrier. */
final class RoundRecord {

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private long lastNumber = -1;
    private long lastBroken = -1;
    private Optional<Ended> last = Optional.empty();

    /** How a wait for a round has ended. */
    enum Outcome {
        COMPLETED,
        TIMEOUT,
        FAILED
    }

    /** A completed round and when it ended. */
    record Ended(Round round, Instant at) {}

    /** Is told how long waits have taken. Called by those who have waited, so that it must be quick. */
    interface Listener {
        void onRound(Outcome outcome, Duration duration);
    }

    void addListener(Listener listener) {
        listeners.add(listener);
    }

    /** Counts a round once, however many threads have waited for it. */
    void onCompleted(Round round) {
        synchronized (this) {
            if (round.number() <= lastNumber) {
                return;
            }
            lastNumber = round.number();
            last = Optional.of(new Ended(round, Instant.now()));
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

    synchronized Optional<Ended> last() {
        return last;
    }
}
