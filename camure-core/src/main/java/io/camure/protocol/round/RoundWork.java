package io.camure.protocol.round;

import io.camure.protocol.base.Departure;
import io.camure.protocol.group.DisconnectReason;
import io.camure.protocol.group.GroupContext;
import io.camure.protocol.group.Membership;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.DropReason;
import io.camure.wire.NodeIdentity;
import io.camure.wire.SequenceNumbers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rounds of a group at its coordinator: a round is released when all participants have arrived, the coordinator and
 * every member. What else arrives with them, and is told at the end, is the business of the kind of group.
 *
 * <p>With N negotiated members a round costs N + 1 datagrams: the release acknowledges the arrivals, and the next arrival the
 * release. Either is acknowledged by itself only when that has not happened within {@link #ACK_DELAY_NANOS}. The release
 * is repeated to who has neither acknowledged it nor arrived at the next round. A round needs at least one member, and the
 * first one all that are expected.
 *
 * <p>A round can also be broken: by {@link #reset}, or when a member is lost, where that is wanted. It ends for everyone who
 * was to take part, arrived or not, and is told as a release is. No round is broken before everybody knows of the end of
 * the one before, so that nobody ever lacks more than one.
 */
public abstract class RoundWork extends Participation {

    /** How long an answer may wait for a chunk that acknowledges as well. */
    public static final long ACK_DELAY_NANOS = ArrivalAcks.ACK_DELAY_NANOS;

    /** The most lost members that are named in a round's result; more come and go only while no round ends. */
    private static final int NAMED_LOST_MEMBERS = 1024;

    private final ChunkType arrival;
    private final LossPolicy lossPolicy;
    private final RoundEnd lastEnd;
    private final ArrivalAcks acks;
    private final List<NodeIdentity> lost = new ArrayList<>();
    private final RoundOutcome outcome = new RoundOutcome();

    /** Why the current round is to be broken, as soon as that is possible. */
    private RoundBreak.@Nullable Cause breakCause;

    /**
     * @param arrival by which members say that they have arrived
     * @param end tells how rounds have ended
     */
    protected RoundWork(GroupContext group, ChunkType arrival, LossPolicy lossPolicy, RoundEnd end) {
        super(group);
        this.arrival = arrival;
        this.lossPolicy = lossPolicy;
        lastEnd = end;
        acks = new ArrivalAcks(group, arrival);
    }

    /**
     * The coordinator itself arrives; again is harmless. Gives back the round: the current one, or one that was broken before
     * the coordinator had arrived.
     */
    public long arrive(long nowNanos) {
        if (outcome.takeUnseenBreak()) {
            traces.onCoordinatorWaitsNoMore();
            return outcome.round();
        }
        long arrivedAt = round;
        traces.onCoordinator(arrivals.hasCoordinator());
        arrivals.onCoordinator(nowNanos);
        endIfPossible(nowNanos);
        group.onCommandDone(nowNanos);
        return arrivedAt;
    }

    /** Breaks the current round, if anybody has arrived at it. */
    public void reset(long nowNanos) {
        if (breakCause == null && arrivals.areAny()) {
            breakCause = RoundBreak.Cause.RESET;
            endIfPossible(nowNanos);
            group.onCommandDone(nowNanos);
        }
    }

    @Override
    public void onChunk(Membership member, ChunkReader chunk, long nowNanos) {
        if (chunk.type() == arrival) {
            onReached(member, chunk, nowNanos);
        } else {
            onAck(member, chunk, nowNanos);
        }
    }

    private void onReached(Membership member, ChunkReader reached, long nowNanos) {
        long reachedRound = SequenceNumbers.extend(round, reached.sequence());
        if (reachedRound == round) {
            onArrival(member, reached, nowNanos);
        } else if (reachedRound == round - 1) {
            lastEnd.tellAgain(member, nowNanos);
        } else {
            group.link().counters().onDropped(DropReason.OUT_OF_WINDOW);
        }
    }

    private void onArrival(Membership member, ChunkReader reached, long nowNanos) {
        if (!lastEnd.believes(member, reached)) {
            return;
        }
        boolean repeated = MemberRounds.of(member).hasArrivedAt(round);
        if (!repeated && !takesArrival(member, reached, nowNanos)) {
            return;
        }
        lastEnd.onKnown(member, reached.delayMicros(), nowNanos);
        if (!repeated && !isArrivalWhole(member)) {
            if (!endIfPossible(nowNanos)) {
                acks.acknowledge(member, round, nowNanos);
            }
            return;
        }
        if (!repeated) {
            arrivals.onMember(member, round, nowNanos);
            traces.onArrival(member, contextOf(member, reached));
        }
        if (!endIfPossible(nowNanos)) {
            acks.onArrival(member, round, repeated, nowNanos);
        }
    }

    /**
     * What a member has announced, and was acknowledged, is here: it arrives.
     *
     * @param itsContext in which trace it waits, as its announcement has told; {@code null} in none
     */
    protected final void onArrivalWhole(Membership member, byte @Nullable [] itsContext, long nowNanos) {
        arrivals.onMember(member, round, nowNanos);
        traces.onArrival(member, itsContext);
        MemberRounds.of(member).answer(nowNanos);
        endIfPossible(nowNanos);
    }

    private void onAck(Membership member, ChunkReader ack, long nowNanos) {
        long acknowledged = SequenceNumbers.extend(round, ack.sequence());
        boolean ofRelease = ack.delayMicros() >= 0 || member.onAck(acknowledged, ack.acknowledgesWelcome());
        if (ofRelease && acknowledged == round - 1 && lastEnd.believes(member, ack)) {
            // A legacy peer does not say how long it has waited, but acknowledges at once.
            lastEnd.onKnown(member, Math.max(0, ack.delayMicros()), nowNanos);
            endIfPossible(nowNanos);
        }
    }

    @Override
    public void onAdmitted(Membership membership) {
        membership.attach(newMember(membership, round));
    }

    @Override
    public void onConfirmed(Membership member, long nowNanos) {
        // It counts from its welcome on.
    }

    @Override
    public void onRemoved(Membership removed, Departure departure) {
        if (!removed.isMember()) {
            return;
        }
        if (MemberRounds.of(removed).hasArrivedAt(round)) {
            arrivals.onGone(removed);
            traces.onGone(removed);
            onArrivedGone(removed);
        }
        if (departure == Departure.LOST && lost.size() < NAMED_LOST_MEMBERS) {
            lost.add(removed.identity());
            if (lossPolicy == LossPolicy.BREAK && group.isFormed() && breakCause == null && isBreakable()) {
                breakCause = RoundBreak.Cause.MEMBER_LOST;
            }
        }
    }

    @Override
    public void onMembershipsChanged(long nowNanos) {
        endIfPossible(nowNanos);
    }

    /** Ends the current round if it can end, and gives back whether it has. */
    protected final boolean endIfPossible(long nowNanos) {
        if (group.isStopped() || group.hasOpenAdmission()) {
            return false;
        }
        RoundBreak.Cause cause = breakCause;
        if (cause != null) {
            if (!lastEnd.isKnownToAll()) {
                return false;
            }
            breakRound(cause, nowNanos);
            return true;
        }
        if (!isComplete() || !isDecided(nowNanos)) {
            return false;
        }
        end(failure(), nowNanos);
        return true;
    }

    private void breakRound(RoundBreak.Cause cause, long nowNanos) {
        breakCause = null;
        List<NodeIdentity> missing = new ArrayList<>(lost);
        if (cause == RoundBreak.Cause.RESET) {
            missing.addAll(missingMembers());
        }
        end(new RoundBreak(cause, List.copyOf(missing)), nowNanos);
        for (Membership membership : group.memberships()) {
            if (membership.isMember() && !membership.can(Capability.BROKEN_ROUNDS)) {
                group.evict(membership, DisconnectReason.BROKEN_ROUND);
            }
        }
    }

    private void end(@Nullable RoundBreak broken, long nowNanos) {
        int participants = participants();
        boolean arrived = arrivals.hasCoordinator();
        byte[] context = traces.onEnd(round, participants, broken != null, nowNanos - arrivals.firstNanos());
        arrivals.onEnd(round, broken != null, nowNanos);
        List<NodeIdentity> named = lost.isEmpty() ? List.of() : List.copyOf(lost);
        outcome.onEnd(round, arrived, participants, named, broken, context);
        lastEnd.tell(round, participants, broken, arrivals.last(), context, nowNanos);
        acks.onRoundEnded();
        lost.clear();
        round++;
        onNextRound(nowNanos);
        group.requestAdmission();
    }

    @Override
    public void onDeadline(long nowNanos) {
        acks.onDeadline(round, nowNanos);
        lastEnd.onDeadline(nowNanos);
    }

    @Override
    public long nextDeadlineNanos() {
        return Math.min(acks.nextDeadlineNanos(), lastEnd.nextDeadlineNanos());
    }

    @Override
    public void onRoundTrip(long nanos) {
        lastEnd.roundTrip().onRoundTrip(nanos);
    }

    @Override
    public long roundTripNanos() {
        return lastEnd.roundTrip().smoothedNanos();
    }

    @Override
    public void onStopped(long nowNanos) {
        // What is not acknowledged yet will be within the delay that members may take.
    }

    @Override
    public boolean isDrained() {
        return lastEnd.isKnownToAll();
    }

    @Override
    public boolean mayAdmit(Membership waiting) {
        return breakCause == null;
    }

    @Override
    public String admissionObstacle() {
        return "the round that was broken has yet to end";
    }

    @Override
    public long nextSequence() {
        return round;
    }

    /** How the last round that the coordinator has arrived at has ended; at first, a round -1. */
    public RoundOutcome outcome() {
        return outcome;
    }
}
