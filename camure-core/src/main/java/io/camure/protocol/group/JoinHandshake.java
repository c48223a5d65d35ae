package io.camure.protocol.group;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.camure.protocol.base.RoundTripEstimator;
import io.camure.wire.ChunkReader;

/** How a member came into a group: when it asked, and what the welcome said that it has acknowledged. */
final class JoinHandshake {

    /** A longer wait for the welcome was the coordinator's application, not the network. */
    private static final long MAXIMUM_ROUND_TRIP_NANOS = MILLISECONDS.toNanos(400);

    private long askedNanos;
    private boolean repeated;
    private long roundTripNanos;
    private int sequence;

    /** Negative as long as there is no welcome, and when a legacy coordinator does not tell it. */
    private long epoch = -1;

    private long acknowledgedNanos;

    void onAsked(long nowNanos) {
        askedNanos = nowNanos;
    }

    void onAskedAgain() {
        repeated = true;
    }

    /** The coordinator has answered. */
    void onWelcome(ChunkReader welcome, RoundTripEstimator roundTrip, long nowNanos) {
        roundTripNanos = Math.min(nowNanos - askedNanos, MAXIMUM_ROUND_TRIP_NANOS);
        if (!repeated) {
            roundTrip.onRoundTrip(roundTripNanos);
        }
        sequence = welcome.sequence();
        epoch = welcome.epoch();
    }

    /** The coordinator has this member begin later. */
    void moveTo(int laterSequence) {
        sequence = laterSequence;
    }

    /** The first round or chunk that counts. */
    int sequence() {
        return sequence;
    }

    /** Tells the group from others with its id; negative when the coordinator does not. */
    long epoch() {
        return epoch;
    }

    /** Whether a number comes after that one. */
    boolean isBefore(int otherSequence) {
        return (short) (otherSequence - sequence) > 0;
    }

    /** Whether a chunk says that it is of an earlier group with this id, or of another incarnation of the coordinator. */
    boolean isOfAnotherGroup(ChunkReader chunk) {
        return epoch >= 0 && chunk.epoch() >= 0 && chunk.epoch() != epoch;
    }

    /** Whether a chunk says that it is of this group. */
    boolean isOfThisGroup(ChunkReader chunk) {
        return epoch >= 0 && chunk.epoch() == epoch;
    }

    void onAcknowledged(long nowNanos) {
        acknowledgedNanos = nowNanos;
    }

    /** Whether the last acknowledgement should have arrived before the coordinator could have sent the welcome once more. */
    boolean isAcknowledgementLost(long nowNanos) {
        return nowNanos - acknowledgedNanos > 2 * roundTripNanos;
    }
}
