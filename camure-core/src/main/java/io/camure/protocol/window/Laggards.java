package io.camure.protocol.window;

import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.RoundTripEstimator;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.group.Membership;
import io.camure.wire.Capability;
import io.camure.wire.ChunkWriter;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The members of a broadcast of which the sender has not heard for long that they have what was sent, or room for more.
 * Those with receipts are asked for one; those of 0.1 get again what they have not acknowledged.
 */
public final class Laggards {

    private final ManagedGroup group;
    private final Receivers receivers;
    private final InetSocketAddress multicastAddress;
    private final ChunkRing ring;
    private final UnsentChunks unsent;
    private final RoundTripEstimator roundTrip;
    private final Outbox outbox;
    private final ProtocolCounters counters;
    private final RetryTimer queryTimer = new RetryTimer(RoundTripEstimator.MAXIMUM_NANOS);

    public Laggards(
            ManagedGroup group,
            Receivers receivers,
            InetSocketAddress multicastAddress,
            ChunkRing ring,
            UnsentChunks unsent,
            RoundTripEstimator roundTrip,
            Outbox outbox,
            ProtocolCounters counters) {
        this.group = group;
        this.receivers = receivers;
        this.multicastAddress = multicastAddress;
        this.ring = ring;
        this.unsent = unsent;
        this.roundTrip = roundTrip;
        this.outbox = outbox;
        this.counters = counters;
    }

    /** The timer runs from now on. */
    public void startTimer(long nowNanos) {
        queryTimer.start(nowNanos, roundTrip.timeoutNanos());
    }

    /** A member has got more: what is asked for next is not asked for in vain. */
    public void onAnswer(long nowNanos) {
        queryTimer.hasten(nowNanos, roundTrip.timeoutNanos());
    }

    public void stopTimer() {
        queryTimer.stop();
    }

    public boolean isTimerRunning() {
        return queryTimer.isRunning();
    }

    public boolean isTimerDue(long nowNanos) {
        return queryTimer.isDue(nowNanos);
    }

    public long nextDeadlineNanos() {
        return queryTimer.deadlineNanos();
    }

    /** Asks those from which an answer is overdue. */
    public void askOverdue(long nowNanos) {
        if (!ask(roundTrip.timeoutNanos(), nowNanos)) {
            // Nobody is late yet: the timer runs from the last progress of the slowest.
            startTimer(nowNanos);
        }
    }

    /** Asks all that lack something. */
    public void askAll(long nowNanos) {
        ask(0, nowNanos);
        startTimer(nowNanos);
    }

    /** @return whether there are any: members that lack something that was sent so long ago */
    private boolean ask(long sinceNanos, long nowNanos) {
        List<Membership> participants = group.participants();
        int laggards = 0;
        int toAsk = 0;
        for (int i = 0; i < participants.size(); i++) {
            Membership participant = participants.get(i);
            if (isLaggard(participant, sinceNanos, nowNanos)) {
                laggards++;
                if (participant.can(Capability.STATUS_REPORTS)) {
                    toAsk++;
                } else if (sinceNanos > 0) {
                    repeatUnacknowledged(participant, sinceNanos, nowNanos);
                }
            }
        }
        if (toAsk > 0 && receivers.knowQueries()) {
            // On the way of the chunks, so that it does not overtake them: a member reads unicast from another socket.
            sendQuery(multicastAddress);
            return true;
        }
        for (int i = 0; toAsk > 0 && i < participants.size(); i++) {
            Membership participant = participants.get(i);
            if (isLaggard(participant, sinceNanos, nowNanos) && participant.can(Capability.STATUS_REPORTS)) {
                sendQuery(participant.address());
            }
        }
        return laggards > 0;
    }

    private boolean isLaggard(Membership participant, long sinceNanos, long nowNanos) {
        if (!Receivers.includes(participant)) {
            return false;
        }
        DeliveryProgress progress = participant.progress();
        return progress.firstMissing() < unsent.first()
                ? nowNanos - ring.sentNanos(progress.firstMissing()) >= sinceNanos
                : !unsent.isEmpty() && progress.limit() <= unsent.first();
    }

    private void sendQuery(InetSocketAddress destination) {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.broadcastQuery(chunk, group.id(), unsent.first(), group.epoch());
        outbox.sendWritten(destination, chunk);
    }

    /** To everybody by multicast, since a 0.1 member may get it by either socket, of which one can be overrun. */
    private void repeatUnacknowledged(Membership participant, long sinceNanos, long nowNanos) {
        for (long sequence = participant.progress().firstMissing(); sequence < unsent.first(); sequence++) {
            boolean overdue = nowNanos - ring.sentNanos(sequence) >= sinceNanos;
            if (overdue && !participant.progress().has(sequence)) {
                counters.onRetransmission();
                InetSocketAddress destination =
                        ring.isNegotiatedOnly(sequence) ? participant.address() : multicastAddress;
                ring.sendAgain(sequence, destination, nowNanos);
            }
        }
    }
}
