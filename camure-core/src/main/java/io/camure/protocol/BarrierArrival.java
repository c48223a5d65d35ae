package io.camure.protocol;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.Refusal;
import io.camure.wire.SequenceNumbers;

/**
 * The rounds of a barrier at a member: it says that it has arrived until that is acknowledged, and less often until it is
 * released, in case the release or the whole group was lost.
 */
public final class BarrierArrival implements MemberWork {

    private static final long ACKNOWLEDGED_REPEAT_NANOS = SECONDS.toNanos(1);

    private final int group;
    private final MemberLink link;
    private final RetryTimer timer = new RetryTimer(RoundTripEstimator.MAXIMUM_NANOS);
    private long firstRound;
    private long round;
    private boolean arrived;
    private boolean acknowledged;
    private boolean repeated;
    private long arrivedNanos;
    private int releasedParticipants;

    BarrierArrival(int group, MemberLink link) {
        this.group = group;
        this.link = link;
    }

    @Override
    public void onWelcome(int wireSequence) {
        firstRound = wireSequence;
        round = wireSequence;
    }

    /** This member arrives; again is harmless. Gives back the round. */
    public long arrive(long nowNanos) {
        if (!arrived) {
            arrived = true;
            acknowledged = false;
            repeated = false;
            arrivedNanos = nowNanos;
            link.send(ChunkType.BARRIER_REACHED, group, round);
            timer.start(nowNanos, link.roundTrip().timeoutNanos());
        }
        return round;
    }

    @Override
    public void onChunk(ChunkReader chunk, long nowNanos) {
        long sequence = SequenceNumbers.extend(round, chunk.sequence());
        switch (chunk.type()) {
            case GROUP_ACK -> onAck(sequence, nowNanos);
            case BARRIER_RELEASED -> onReleased(sequence, chunk.participants());
            default -> link.counters().onRefused(Refusal.UNEXPECTED);
        }
    }

    private void onAck(long sequence, long nowNanos) {
        if (!arrived || sequence != round || acknowledged) {
            return;
        }
        acknowledged = true;
        if (!repeated) {
            link.roundTrip().onRoundTrip(nowNanos - arrivedNanos);
        }
        timer.start(nowNanos, ACKNOWLEDGED_REPEAT_NANOS);
    }

    private void onReleased(long sequence, int participants) {
        if (sequence > round || (sequence == round && !arrived)) {
            // Nobody can have released us from where we have not arrived.
            link.counters().onRefused(Refusal.OUT_OF_WINDOW);
            return;
        }
        link.send(ChunkType.GROUP_ACK, group, sequence);
        if (sequence == round) {
            releasedParticipants = participants;
            round++;
            arrived = false;
            timer.stop();
        }
    }

    @Override
    public boolean hasReceivedFirst() {
        return round > firstRound;
    }

    @Override
    public void onDeadline(long nowNanos) {
        if (timer.isDue(nowNanos)) {
            repeated = true;
            link.counters().onRetransmission();
            link.send(ChunkType.BARRIER_REACHED, group, round);
        }
    }

    @Override
    public long nextDeadlineNanos() {
        return timer.deadlineNanos();
    }

    /** The last released round; one less than the first that this member could take part in before that. */
    public long releasedRound() {
        return round - 1;
    }

    /** How many took part in the last released round, or 0 where a 0.1 coordinator does not tell. */
    public int releasedParticipants() {
        return releasedParticipants;
    }
}
