package io.camure.protocol.window;

import static java.util.concurrent.TimeUnit.MICROSECONDS;

import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.base.RoundTripEstimator;
import io.camure.wire.ChunkReader;
import io.camure.wire.DropReason;
import io.camure.wire.ReceiptProof;
import io.camure.wire.SequenceNumbers;

/**
 * What receivers say that they have: by status reports, or chunk by chunk if they are legacy peers. What a report shows as
 * missing is sent again at once, and answers tell the round trip.
 */
final class Acknowledgements {

    private final Reach reach;
    private final ChunkRing ring;
    private final SendQueue queue;
    private final CongestionWindow congestion;
    private final RoundTripEstimator roundTrip;
    private final ProtocolCounters counters;
    private final Resending resending;

    /** Whether the last status report told of chunks that the receiver was not known to have. */
    private boolean toldMore;

    Acknowledgements(
            Reach reach,
            ChunkRing ring,
            SendQueue queue,
            CongestionWindow congestion,
            RoundTripEstimator roundTrip,
            Resending resending,
            ProtocolCounters counters) {
        this.resending = resending;
        this.reach = reach;
        this.ring = ring;
        this.queue = queue;
        this.congestion = congestion;
        this.roundTrip = roundTrip;
        this.counters = counters;
    }

    /** Chunks are about to be sent for the first time. */
    void onSending(long first, long end) {
        resending.onSending(first, end);
    }

    /**
     * A legacy peer has acknowledged a chunk.
     *
     * @return whether it is one that was sent and is kept
     */
    boolean onAck(Receiver receiver, long sequence, long nowNanos) {
        if (sequence < reach.base() || sequence >= queue.first()) {
            return false;
        }
        DeliveryProgress progress = receiver.progress();
        receiver.onAnswer(!ring.isRepeated(sequence) && !progress.has(sequence));
        if (!progress.has(sequence)) {
            if (ring.isRepeated(sequence)) {
                // Nobody knows which of both it answers. But one that got farther away would never answer in time
                // otherwise.
                receiver.onAnswerToRepetition(nowNanos - ring.firstSentNanos(sequence));
            } else {
                long roundTripNanos = nowNanos - ring.sentNanos(sequence);
                roundTrip.onRoundTrip(roundTripNanos);
                receiver.onRoundTrip(roundTripNanos);
            }
            progress.onReceived(sequence);
        }
        return true;
    }

    /** @return whether the report was taken; see also {@link #hasToldMore} */
    boolean onStatusReport(Receiver receiver, ChunkReader report, long nowNanos) {
        counters.onStatusReport();
        toldMore = false;
        DeliveryProgress progress = receiver.progress();
        long before = progress.firstMissing();
        long toldFirst = SequenceNumbers.extend(reach.base(), report.sequence());
        long toldEnd = SequenceNumbers.extend(reach.base(), report.statusEnd());
        // Who was admitted while chunks waited is ahead of them.
        long sent = Math.max(queue.first(), receiver.firstSequence());
        // Who was sent chunks by somebody else knows of more than there are, and tells the truth about the others.
        long first = Math.min(toldFirst, sent);
        long end = Math.min(toldEnd, sent);
        if (first < toldFirst && report.statusEpoch() == 0 || toldEnd < toldFirst) {
            counters.onDropped(DropReason.OUT_OF_WINDOW);
            return false;
        }
        if (first < before) {
            // Overtaken by a later one.
            counters.onDropped(DropReason.DUPLICATE);
            return false;
        }
        boolean proven = !receiver.provesReceipt() || ReceiptProof.in(report) == proof(receiver, report, first, end);
        receiver.onReport(proven, nowNanos);
        if (!proven) {
            // Somebody else has said it, or it has taken chunks that somebody else has sent.
            counters.onDropped(DropReason.UNIDENTIFIED);
            return false;
        }
        measure(receiver, report, nowNanos);
        toldMore = first > before;
        progress.onAllReceived(first);
        for (long sequence = first + 1; sequence < end; sequence++) {
            if (report.statusHas((int) (sequence - first)) && !progress.has(sequence)) {
                progress.onReceived(sequence);
                toldMore = true;
            }
        }
        progress.extendLimit(toldFirst + report.statusRoom());
        for (long sequence = progress.firstMissing(); sequence < end; sequence++) {
            if (!progress.has(sequence)) {
                congestion.onMissing(sequence, receiver);
                resending.repair(sequence, receiver, nowNanos);
            }
        }
        receiver.onLossesNoted(end);
        return true;
    }

    /** The sum of the nonces of the chunks that a report tells to be there. */
    private long proof(Receiver receiver, ChunkReader report, long first, long end) {
        long sum = ring.nonceSum(first) - receiver.passedNonces();
        for (long sequence = first + 1; sequence < end; sequence++) {
            if (report.statusHas((int) (sequence - first))) {
                sum += ring.nonceSum(sequence + 1) - ring.nonceSum(sequence);
            }
        }
        return sum;
    }

    boolean hasToldMore() {
        return toldMore;
    }

    private void measure(Receiver receiver, ChunkReader report, long nowNanos) {
        long newest = SequenceNumbers.extend(reach.base(), report.statusNewest());
        boolean sentOnce = newest >= Math.max(receiver.firstSequence(), queue.next() - ring.slots())
                && newest < queue.first()
                && !ring.isRepeated(newest);
        receiver.onAnswer(sentOnce && !receiver.progress().has(newest));
        if (sentOnce) {
            roundTrip.onRoundTrip(nowNanos - ring.sentNanos(newest) - MICROSECONDS.toNanos(report.statusDelayMicros()));
        }
    }
}
