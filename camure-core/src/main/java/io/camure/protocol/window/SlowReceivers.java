package io.camure.protocol.window;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.RoundTripEstimator;
import java.util.ArrayList;
import java.util.List;

/**
 * The receivers that have held the others up for longer than they may, though they live: they lack a chunk, or have no room
 * for one that waits, and have not got any further, although they were asked. Whoever was not asked may have got further
 * without its word having reached the sender.
 *
 * <p>One of them is slow until it has all that was sent when it was called so, and room for what waits.
 */
final class SlowReceivers {

    /** Whoever holds the others up is asked more often than this; if not, this process was stopped meanwhile. */
    private static final long STOPPED_NANOS = RoundTripEstimator.MAXIMUM_NANOS + RoundTripEstimator.INITIAL_NANOS;

    /** It is told again that a receiver is slow: first after this time, then after twice as long each time. */
    private static final long REMINDER_NANOS = SECONDS.toNanos(30);

    private static final long LONGEST_REMINDER_NANOS = MINUTES.toNanos(5);

    /** When to look again at one that is about to be asked, or of which it is being found out which datagrams get to it. */
    private static final long AGAIN_NANOS = MILLISECONDS.toNanos(50);

    private final Audience audience;
    private final long patienceNanos;
    private final ChunkRing ring;
    private final SendQueue queue;
    private final RoundTripEstimator roundTrip;

    /** Nobody can get slow before; set anew when it comes. */
    private long checkNanos = RetryTimer.NEVER;

    private long lastLookNanos;

    /** Nobody is blamed for the time before, when nobody was asked. */
    private long resumedNanos;

    SlowReceivers(
            Audience audience, long patienceNanos, ChunkRing ring, SendQueue queue, RoundTripEstimator roundTrip) {
        this.audience = audience;
        this.patienceNanos = patienceNanos;
        this.ring = ring;
        this.queue = queue;
        this.roundTrip = roundTrip;
    }

    /** Something was sent, or waits for room. */
    void onOutstanding(long nowNanos) {
        look(nowNanos);
        checkNanos = Math.min(checkNanos, nowNanos + patienceNanos);
    }

    private void look(long nowNanos) {
        if (nowNanos - lastLookNanos > STOPPED_NANOS) {
            resumedNanos = nowNanos;
        }
        lastLookNanos = nowNanos;
    }

    /** A receiver has got further. */
    void onProgress(Receiver receiver, long nowNanos) {
        DeliveryProgress progress = receiver.progress();
        progress.onMoved(nowNanos);
        if (progress.isSlow() && hasCaughtUp(progress)) {
            progress.endSlowness();
            audience.onCaughtUp(receiver);
            onOutstanding(nowNanos);
        }
    }

    private boolean hasCaughtUp(DeliveryProgress progress) {
        return progress.firstMissing() >= progress.slowUntil()
                && (queue.isEmpty() || progress.limit() > progress.slowUntil());
    }

    void onDeadline(long nowNanos) {
        look(nowNanos);
        if (nowNanos < checkNanos) {
            return;
        }
        checkNanos = RetryTimer.NEVER;
        List<Receiver> slow = new ArrayList<>();
        for (Receiver receiver : audience.receivers()) {
            if (receiver.progress().isSlow()) {
                remind(receiver, nowNanos);
            } else if (receiver.isConfirmed() && holdsUp(receiver)) {
                long sinceNanos = sinceNanos(receiver);
                long slowNanos = sinceNanos + patienceNanos;
                if (nowNanos < slowNanos) {
                    checkNanos = Math.min(checkNanos, slowNanos);
                } else if (isPathTried(receiver, sinceNanos)
                        || !receiver.couldAnswer(sinceNanos, roundTrip.timeoutNanos(), nowNanos)) {
                    // What it lacks may be too long to get there, or may have got there, which is about to be known.
                    checkNanos = Math.min(checkNanos, nowNanos + AGAIN_NANOS);
                } else {
                    slow.add(receiver);
                }
            }
        }
        for (Receiver receiver : slow) {
            receiver.progress().beginSlowness(queue.first(), REMINDER_NANOS, nowNanos);
            checkNanos = Math.min(checkNanos, receiver.progress().reminderNanos());
            audience.onSlow(receiver);
        }
    }

    private boolean isPathTried(Receiver receiver, long sinceNanos) {
        long missing = receiver.progress().firstMissing();
        return missing < queue.first() && ring.length(missing) > PathSizes.LEAST_BYTES
                ? receiver.isPathTriedSince(sinceNanos)
                : receiver.isPathTried();
    }

    private void remind(Receiver receiver, long nowNanos) {
        DeliveryProgress progress = receiver.progress();
        if (nowNanos >= progress.reminderNanos()) {
            audience.onStillSlow(receiver, progress.onReminded(LONGEST_REMINDER_NANOS, nowNanos));
        }
        checkNanos = Math.min(checkNanos, progress.reminderNanos());
    }

    private boolean holdsUp(Receiver receiver) {
        DeliveryProgress progress = receiver.progress();
        return progress.firstMissing() < queue.first() || !queue.isEmpty() && progress.limit() <= queue.first();
    }

    private long sinceNanos(Receiver receiver) {
        DeliveryProgress progress = receiver.progress();
        long chunkNanos = progress.firstMissing() < queue.first()
                ? ring.firstSentNanos(progress.firstMissing())
                : queue.sinceNanos();
        long lastNanos = Math.max(Math.max(chunkNanos, progress.movedNanos()), receiver.pathChangedNanos());
        return Math.max(lastNanos, Math.max(receiver.confirmedNanos(), resumedNanos));
    }

    long nextDeadlineNanos() {
        return checkNanos;
    }
}
