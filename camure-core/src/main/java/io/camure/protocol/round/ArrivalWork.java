package io.camure.protocol.round;

import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.RoundTripEstimator;
import io.camure.protocol.group.LegacyNumbers;
import io.camure.protocol.group.MemberLink;
import io.camure.protocol.group.MemberWork;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.DropReason;
import io.camure.wire.ReleaseProof;
import io.camure.wire.SequenceNumbers;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rounds of a group at a member: it says that it has arrived until that is acknowledged, and less often until it is
 * released, in case the release or the whole group was lost. What it says beside that, and is told with the release, is the business
 * of the kind of group.
 *
 * <p>Towards a negotiated coordinator the next arrival acknowledges a release, unless that takes too long.
 */
public abstract class ArrivalWork implements MemberWork {

    private static final long ACKNOWLEDGED_REPEAT_NANOS = SECONDS.toNanos(1);

    /** A legacy coordinator repeats the release of one round until all members know it. */
    private static final int LEGACY_RELEASES = 1;

    private static final long NONE = -1;

    protected final MemberLink link;
    private final ChunkType release;
    private final ReleaseAcks acks;
    private final LegacyNumbers numbers;
    private boolean showsRestart;
    protected final int membership;
    private int group;
    private long generation;
    private final RetryTimer timer = new RetryTimer(RoundTripEstimator.MAXIMUM_NANOS);
    private long firstRound;
    private long round;
    private boolean arrived;
    private boolean acknowledged;
    private boolean repeated;
    private long arrivedNanos;
    private final RoundOutcome outcome = new RoundOutcome();
    private long releasedNanos;

    /** The round whose release is kept from the application, and how many took part in it; {@link #NONE} for no round. */
    private long heldRound = NONE;

    private int heldParticipants;

    /** What stands for it in traces; {@code null} for nothing. */
    private byte @Nullable [] heldContext;

    /** What the last release had, which proves that it has come; 0 when that was none. */
    private long releaseNonce;

    /** In which trace it waits for the current round; {@code null} in none. */
    private byte @Nullable [] context;

    /** When the last release is to be acknowledged by itself. */
    private long ackNanos = RetryTimer.NEVER;

    /** @param release by which the coordinator tells that all have arrived; what else tells the end of a round has broken it */
    protected ArrivalWork(int membership, MemberLink link, ChunkType release) {
        this.membership = membership;
        this.link = link;
        this.release = release;
        acks = new ReleaseAcks(link, release, membership);
        numbers = new LegacyNumbers(LEGACY_RELEASES, link.settings().coordinatorTimeoutNanos());
    }

    /**
     * Writes the chunk that says that this member has arrived.
     *
     * @param delayMicros how long ago the end of the round before arrived, or -1 when this does not acknowledge it
     * @param releaseNonce what proves that it has come
     */
    protected abstract ByteBuffer writeReached(long delayMicros, long releaseNonce);

    /** Why a round was broken, as the coordinator tells it. */
    protected abstract RoundBreak readBreak(ChunkReader end);

    /** Whether this member has all that it needs to take the release of its round; if not, it waits for that to be repeated. */
    protected boolean takesRelease(ChunkReader end, long nowNanos) {
        return true;
    }

    /** Whether the release that was taken is kept from the application until {@link #deliver}. */
    protected boolean holdsRelease() {
        return false;
    }

    /** The round at which this member has arrived has ended, or is known to have. */
    protected void onRoundEnded(long nowNanos) {}

    /** Whether this member proves that it has received releases. */
    protected boolean provesReleases() {
        return link.can(Capability.RECEIPT_PROOFS);
    }

    @Override
    public void onWelcome(int id, long epoch, long itsGeneration, long firstSequence, long nowNanos) {
        group = id;
        generation = itsGeneration;
        numbers.start((int) firstSequence & 0xFFFF, nowNanos);
        firstRound = firstSequence;
        round = firstSequence;
        outcome.startBefore(firstSequence);
    }

    @Override
    public boolean onLaterWelcome(int firstSequence, long nowNanos) {
        long first = SequenceNumbers.extend(round, firstSequence);
        if (first < round) {
            return false;
        }
        firstRound = first;
        round = first;
        if (arrived) {
            // It waits for the round that it takes part in now.
            acknowledged = false;
            repeated = true;
            sendReached(nowNanos);
            timer.start(nowNanos, answerTimeoutNanos());
        } else {
            outcome.startBefore(firstRound);
        }
        return true;
    }

    /** This member is about to arrive in a trace. */
    public void waitsIn(byte[] itsContext) {
        if (!arrived) {
            context = itsContext;
        }
    }

    /**
     * What an arrival tells of the trace that it waits in, where the coordinator can read it; {@code null} for nothing.
     *
     * @param needed what it has to be able to
     */
    protected final byte @Nullable [] context(Capability needed) {
        return link.can(needed) ? context : null;
    }

    /** What a release tells that stands for the round in traces; {@code null} for nothing. */
    protected abstract byte @Nullable [] contextIn(ChunkReader end);

    /**
     * This member arrives; again is harmless. Gives back the round: the current one, or one that was broken before this
     * member had arrived.
     */
    public long arrive(long nowNanos) {
        if (heldRound != NONE) {
            context = null;
            return heldRound;
        }
        if (outcome.takeUnseenBreak()) {
            context = null;
            return outcome.round();
        }
        if (!arrived) {
            arrived = true;
            acknowledged = false;
            repeated = false;
            arrivedNanos = nowNanos;
            sendReached(nowNanos);
            timer.start(nowNanos, answerTimeoutNanos());
        }
        return round;
    }

    private void sendReached(long nowNanos) {
        if (isAckImplicit()) {
            boolean acknowledgesRelease = ackNanos != RetryTimer.NEVER;
            ackNanos = RetryTimer.NEVER;
            // A repetition, or an arrival after the release was acknowledged, tells nothing of the round trip.
            long delayMicros = acknowledgesRelease ? NANOSECONDS.toMicros(nowNanos - releasedNanos) : -1;
            link.send(writeReached(delayMicros, releaseNonce));
        } else {
            link.send(ChunkType.BARRIER_REACHED, group, round);
        }
    }

    private boolean isAckImplicit() {
        return link.can(Capability.IMPLICIT_ROUND_ACKS);
    }

    private long answerTimeoutNanos() {
        return link.roundTrip().timeoutNanos() + (isAckImplicit() ? ArrivalAcks.ACK_DELAY_NANOS : 0);
    }

    @Override
    public void onChunk(ChunkReader chunk, long nowNanos) {
        long sequence = SequenceNumbers.extend(round, chunk.sequence());
        if (chunk.type() == ChunkType.GROUP_ACK) {
            onAck(sequence, Math.max(0, chunk.delayMicros()), nowNanos);
        } else {
            if (link.isLegacy()) {
                showsRestart |= numbers.isOfAnotherIncarnation(chunk.sequence(), round, nowNanos);
            }
            onEnded(sequence, chunk, nowNanos);
        }
    }

    private void onAck(long sequence, long delayMicros, long nowNanos) {
        if (!arrived || sequence != round || acknowledged) {
            return;
        }
        acknowledged = true;
        if (repeated) {
            link.roundTrip().onAnswerToRepetition(nowNanos - arrivedNanos);
        } else {
            link.roundTrip().onRoundTrip(nowNanos - arrivedNanos - MICROSECONDS.toNanos(delayMicros));
        }
        timer.start(nowNanos, ACKNOWLEDGED_REPEAT_NANOS);
    }

    private void onEnded(long sequence, ChunkReader end, long nowNanos) {
        boolean released = end.type() == release;
        if (sequence > round || (sequence == round && released && !arrived)) {
            // Nobody can be released from a round at which it has not arrived.
            link.counters().onDropped(DropReason.OUT_OF_WINDOW);
            return;
        }
        if (sequence == round && released && !takesRelease(end, nowNanos)) {
            return;
        }
        if (sequence < round || !isAckImplicit()) {
            acks.answer(end, group, sequence, provesReleases());
        }
        if (sequence == round) {
            if (released && !acknowledged) {
                measure(end, nowNanos);
            }
            RoundBreak broken = released ? null : readBreak(end);
            byte[] standsForIt = context != null && released ? contextIn(end) : null;
            context = null;
            if (released && holdsRelease()) {
                heldRound = round;
                heldParticipants = end.participants();
                heldContext = standsForIt;
            } else {
                outcome.onEnd(round, arrived, end.participants(), List.of(), broken, standsForIt);
            }
            releasedNanos = nowNanos;
            releaseNonce = released ? ReleaseProof.in(end) : 0;
            ackNanos = isAckImplicit() ? nowNanos + ArrivalAcks.ACK_DELAY_NANOS : RetryTimer.NEVER;
            round++;
            arrived = false;
            timer.stop();
            onRoundEnded(nowNanos);
        }
    }

    /** The application gets the release that was kept from it. */
    protected final void deliver() {
        outcome.onEnd(heldRound, true, heldParticipants, List.of(), null, heldContext);
        heldRound = NONE;
    }

    /** Says once more that this member has arrived, in another way than before. */
    protected final void sayAgain(long nowNanos) {
        repeated = true;
        sendReached(nowNanos);
    }

    /** Takes a release for the answer to the arrival. */
    private void measure(ChunkReader release, long nowNanos) {
        if (repeated) {
            link.roundTrip().onAnswerToRepetition(nowNanos - arrivedNanos);
        } else if (!link.isLegacy() && release.lastArrived() == link.memberId()) {
            // Others are released by an arrival that came after theirs.
            link.roundTrip().onRoundTrip(nowNanos - arrivedNanos);
        }
    }

    @Override
    public boolean hasReceivedFirst() {
        return round > firstRound;
    }

    @Override
    public boolean showsRestart() {
        return showsRestart;
    }

    @Override
    public void onOut() {
        // It speaks when it is asked to arrive, or by its deadlines: it is not, and has none.
    }

    @Override
    public void onDeadline(long nowNanos) {
        if (nowNanos >= ackNanos) {
            ackNanos = RetryTimer.NEVER;
            acks.send(group, round - 1, NANOSECONDS.toMicros(nowNanos - releasedNanos), provesReleases(), releaseNonce);
        }
        if (timer.isDue(nowNanos)) {
            repeated = true;
            link.counters().onRetransmission();
            sendReached(nowNanos);
        }
    }

    @Override
    public long nextDeadlineNanos() {
        return Math.min(ackNanos, timer.deadlineNanos());
    }

    /** Whether this member has arrived at the current round. */
    protected final boolean hasArrived() {
        return arrived;
    }

    /** Whether the coordinator has said so. */
    protected final boolean isAcknowledged() {
        return acknowledged;
    }

    protected final int group() {
        return group;
    }

    protected final long round() {
        return round;
    }

    /** Which of the groups of the coordinator it is, in the order of their creation; 0 when that is not told. */
    public final long generation() {
        return generation;
    }

    /** How the last round that this member has arrived at has ended; at first, the one before the first it takes part in. */
    public RoundOutcome outcome() {
        return outcome;
    }
}
