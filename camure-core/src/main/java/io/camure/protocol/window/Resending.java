package io.camure.protocol.window;

import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.base.RoundTripEstimator;

/** Sends chunks again that receivers report missing: to which of them, in which way, and not too often. */
final class Resending {

    private final Audience audience;
    private final Reach reach;
    private final ChunkRing ring;
    private final RoundTripEstimator roundTrip;
    private final Pieces pieces;
    private final ProtocolCounters counters;
    private final Repairs repairs;

    Resending(
            Audience audience,
            StreamSettings stream,
            Reach reach,
            ChunkRing ring,
            RoundTripEstimator roundTrip,
            Outbox outbox,
            ProtocolCounters counters) {
        this.audience = audience;
        this.reach = reach;
        this.ring = ring;
        this.roundTrip = roundTrip;
        this.counters = counters;
        pieces = new Pieces(stream, ring, outbox);
        repairs = new Repairs(ring.slots());
    }

    /** Chunks are about to be sent for the first time. */
    void onSending(long first, long end) {
        for (long sequence = first; sequence < end; sequence++) {
            repairs.clear(sequence);
        }
    }

    /** A receiver lacks a chunk. */
    void repair(long sequence, Receiver receiver, long nowNanos) {
        boolean inPieces = pieces.areNeeded(sequence, receiver);
        Repairs.Way way = inPieces || !receiver.hears()
                ? receiver.beginRepair(sequence, longestRoundTripNanos(), nowNanos)
                        ? Repairs.Way.UNICAST
                        : Repairs.Way.NOT
                : repairs.decide(sequence, receiver, mayMulticast(sequence), longestRoundTripNanos(), nowNanos);
        if (way == Repairs.Way.NOT) {
            return;
        }
        counters.onRetransmission();
        if (inPieces) {
            pieces.send(sequence, receiver, nowNanos);
            return;
        }
        ring.sendAgain(
                sequence, way == Repairs.Way.MULTICAST ? audience.multicastAddress() : receiver.address(), nowNanos);
        noteRepair(sequence, receiver);
    }

    /** Whether every receiver would understand the chunk. */
    private boolean mayMulticast(long sequence) {
        return ring.isUnderstoodBy(sequence, reach.header());
    }

    private void noteRepair(long sequence, Receiver receiver) {
        int bytes = ring.length(sequence);
        if (receiver.onRepaired(sequence) && bytes > PathSizes.LEAST_BYTES) {
            audience.onTooLong(receiver, bytes);
        }
    }

    /** As far as it is believed: a pause of this process would be taken for one. */
    private long longestRoundTripNanos() {
        return Math.min(roundTrip.longestNanos(), RoundTripEstimator.MAXIMUM_NANOS);
    }
}
