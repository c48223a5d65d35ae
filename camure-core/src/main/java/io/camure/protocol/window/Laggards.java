package io.camure.protocol.window;

import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.RoundTripEstimator;
import io.camure.wire.ChunkHeader;
import io.camure.wire.ChunkWriter;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The receivers from which an answer is overdue: that they have what was sent, or room for more. Those that give status
 * reports are asked for one; legacy peers get again what they have not acknowledged.
 */
final class Laggards {

    /** The most legacy peers that get a repetition each for itself at first; more of them get one by multicast. */
    private static final int UNICAST_REPEATS = 2;

    private final Audience audience;
    private final StreamSettings stream;
    private final Reach reach;
    private final ChunkRing ring;
    private final SendQueue queue;
    private final Outbox outbox;
    private final ProtocolCounters counters;
    private final RetryTimer timer = new RetryTimer(RoundTripEstimator.MAXIMUM_NANOS);

    /** Those that a chunk is repeated to. */
    private final List<Receiver> late = new ArrayList<>();

    Laggards(
            Audience audience,
            StreamSettings stream,
            Reach reach,
            ChunkRing ring,
            SendQueue queue,
            Outbox outbox,
            ProtocolCounters counters) {
        this.audience = audience;
        this.stream = stream;
        this.reach = reach;
        this.ring = ring;
        this.queue = queue;
        this.outbox = outbox;
        this.counters = counters;
    }

    /** The timer runs from now on. */
    void startTimer(long nowNanos, long timeoutNanos) {
        timer.start(nowNanos, timeoutNanos);
    }

    /** The slowest have got further. That others do is no reason to ask later who has no room. */
    void onAdvance(long nowNanos, long timeoutNanos) {
        if (!queue.isEmpty() && reach.limit() <= queue.first()) {
            timer.hasten(nowNanos, timeoutNanos);
        } else {
            startTimer(nowNanos, timeoutNanos);
        }
    }

    /** A receiver has got more: what is asked for next is not asked for in vain. */
    void onAnswer(long nowNanos, long timeoutNanos) {
        timer.hasten(nowNanos, timeoutNanos);
    }

    void stopTimer() {
        timer.stop();
    }

    boolean isTimerRunning() {
        return timer.isRunning();
    }

    boolean isTimerDue(long nowNanos) {
        return timer.isDue(nowNanos);
    }

    long nextDeadlineNanos() {
        return timer.deadlineNanos();
    }

    /** Asks those that have not answered for longer than the timeout. */
    void askOverdue(long nowNanos, long timeoutNanos) {
        if (!ask(timeoutNanos, timeoutNanos, nowNanos)) {
            // Nobody is late yet: the timer runs from the last progress of the slowest.
            startTimer(nowNanos, timeoutNanos);
        }
    }

    /** Asks all that lack something. */
    void askAll(long nowNanos, long timeoutNanos) {
        ask(0, timeoutNanos, nowNanos);
        startTimer(nowNanos, timeoutNanos);
    }

    /**
     * @param sinceNanos how long ago what they lack must have been sent
     * @return whether there are any
     */
    private boolean ask(long sinceNanos, long timeoutNanos, long nowNanos) {
        List<Receiver> receivers = audience.receivers();
        boolean found = false;
        boolean toRepeat = false;
        boolean byMulticast = false;
        for (int i = 0; i < receivers.size(); i++) {
            Receiver receiver = receivers.get(i);
            if (!isLaggard(receiver, sinceNanos, nowNanos)) {
                continue;
            }
            found = true;
            if (!receiver.reportsStatus()) {
                toRepeat |= sinceNanos > 0;
                continue;
            }
            // Who was asked for what is overdue, and has not answered, may not have heard that.
            boolean alone = !receiver.hears() || sinceNanos > 0 && receiver.isAsked();
            receiver.onAsked(alone, timeoutNanos, nowNanos);
            if (alone || !reach.reportsStatus()) {
                sendQuery(receiver.address());
            } else {
                byMulticast = true;
            }
        }
        if (toRepeat) {
            repeatUnacknowledged(sinceNanos, nowNanos);
        }
        if (byMulticast) {
            // On the way of the chunks, so that it does not overtake them: a member reads unicast from another socket.
            sendQuery(audience.multicastAddress());
        }
        return found;
    }

    private boolean isLaggard(Receiver receiver, long sinceNanos, long nowNanos) {
        DeliveryProgress progress = receiver.progress();
        return progress.firstMissing() < queue.first()
                ? isOverdue(progress.firstMissing(), receiver, sinceNanos, nowNanos)
                : !queue.isEmpty() && progress.limit() <= queue.first();
    }

    /** The answers of all say how long one takes; a legacy peer may need longer. */
    private boolean isOverdue(long sequence, Receiver receiver, long sinceNanos, long nowNanos) {
        return nowNanos - ring.sentNanos(sequence) >= Math.max(sinceNanos, receiver.answerNanos());
    }

    private void sendQuery(InetSocketAddress destination) {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.query(chunk, stream.direction(), stream.group(), queue.first(), stream.tag());
        outbox.sendWritten(destination, chunk);
    }

    private void repeatUnacknowledged(long sinceNanos, long nowNanos) {
        for (long sequence = reach.base(); sequence < queue.first(); sequence++) {
            if (nowNanos - ring.sentNanos(sequence) >= sinceNanos) {
                repeat(sequence, sinceNanos, nowNanos);
            }
        }
    }

    /**
     * By unicast to one or two, and to however many that were not reached by a repetition or don't hear: multicast may not get
     * to them at all.
     */
    private void repeat(long sequence, long sinceNanos, long nowNanos) {
        List<Receiver> receivers = audience.receivers();
        // Once it is sent again, nobody is late.
        late.clear();
        int lacking = 0;
        for (int i = 0; i < receivers.size(); i++) {
            Receiver receiver = receivers.get(i);
            if (isUnacknowledged(sequence, receiver) && isOverdue(sequence, receiver, sinceNanos, nowNanos)) {
                late.add(receiver);
                lacking += receiver.hears() ? 1 : 0;
            }
        }
        boolean byMulticast = lacking > UNICAST_REPEATS
                && !ring.isRepeated(sequence)
                && ring.isUnderstoodBy(sequence, ChunkHeader.PLAIN);
        if (byMulticast) {
            counters.onRetransmission();
            ring.sendAgain(sequence, audience.multicastAddress(), nowNanos);
        }
        for (int i = 0; i < late.size(); i++) {
            Receiver receiver = late.get(i);
            if (!(byMulticast && receiver.hears())) {
                counters.onRetransmission();
                receiver.onAsked(true, sinceNanos, nowNanos);
                ring.sendAgain(sequence, receiver.address(), nowNanos);
                if (receiver.onRepaired(sequence) && ring.length(sequence) > PathSizes.LEAST_BYTES) {
                    audience.onTooLong(receiver, ring.length(sequence));
                }
            }
        }
    }

    private static boolean isUnacknowledged(long sequence, Receiver receiver) {
        return !receiver.reportsStatus() && !receiver.progress().has(sequence);
    }
}
