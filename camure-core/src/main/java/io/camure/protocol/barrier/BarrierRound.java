package io.camure.protocol.barrier;

import io.camure.protocol.base.Departure;
import io.camure.protocol.base.Nonces;
import io.camure.protocol.group.DisconnectReason;
import io.camure.protocol.group.GroupContext;
import io.camure.protocol.group.GroupWork;
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
 * The rounds of a barrier at its coordinator: a round is released when all participants have arrived, the coordinator and
 * every member.
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
public final class BarrierRound implements GroupWork {

    /** How long an answer may wait for a chunk that acknowledges as well. */
    public static final long ACK_DELAY_NANOS = ArrivalAcks.ACK_DELAY_NANOS;

    /** The most lost members that are named in a round's result; more come and go only while no round ends. */
    private static final int NAMED_LOST_MEMBERS = 1024;

    private static final int COORDINATOR = 0;

    private final GroupContext group;
    private final LossPolicy lossPolicy;
    private final RoundEnd lastEnd;
    private final ArrivalAcks acks;
    private final List<NodeIdentity> lost = new ArrayList<>();
    private final RoundOutcome outcome = new RoundOutcome();

    /** The current round: the first that has not ended. */
    private long round;

    private boolean coordinatorArrived;

    /** Whether the coordinator takes no part, so that rounds end without it. */
    private boolean coordinatorExcused;

    private int arrivedMembers;

    /** When the first participant arrived at the current round; without a meaning before. */
    private long firstArrivalNanos;

    /** The id of the member that arrived last, or 0 for the coordinator. */
    private int lastArrived;

    /** What is recorded of arrivals; {@code null} until somebody wants to know. */
    private @Nullable ArrivalRecord record;

    /** Why the current round is to be broken, as soon as that is possible. */
    private RoundBreak.@Nullable Cause breakCause;

    BarrierRound(GroupContext group, LossPolicy lossPolicy, Nonces nonces) {
        this.group = group;
        this.lossPolicy = lossPolicy;
        lastEnd = new RoundEnd(group, nonces);
        acks = new ArrivalAcks(group);
    }

    /**
     * The coordinator itself arrives; again is harmless. Gives back the round: the current one, or one that was broken before
     * the coordinator had arrived.
     */
    public long arrive(long nowNanos) {
        if (outcome.takeUnseenBreak()) {
            return outcome.round();
        }
        long arrivedAt = round;
        if (!coordinatorArrived) {
            noteArrival(null, nowNanos);
        }
        coordinatorArrived = true;
        lastArrived = COORDINATOR;
        endIfPossible(nowNanos);
        group.onCommandDone(nowNanos);
        return arrivedAt;
    }

    /** Has rounds complete without the coordinator from now on, which does not take part in them. */
    public void excuseCoordinator() {
        coordinatorExcused = true;
    }

    /** Breaks the current round, if anybody has arrived at it. */
    public void reset(long nowNanos) {
        if (breakCause == null && hasArrivals()) {
            breakCause = RoundBreak.Cause.RESET;
            endIfPossible(nowNanos);
            group.onCommandDone(nowNanos);
        }
    }

    @Override
    public void onChunk(Membership member, ChunkReader chunk, long nowNanos) {
        if (chunk.type() == ChunkType.BARRIER_REACHED) {
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
        MemberRounds rounds = MemberRounds.of(member);
        boolean repeated = rounds.hasArrivedAt(round);
        lastEnd.onKnown(member, reached.delayMicros(), nowNanos);
        if (!repeated) {
            noteArrival(member, nowNanos);
            rounds.onArrival(round, nowNanos);
            arrivedMembers++;
            lastArrived = member.peer().id();
        }
        if (!endIfPossible(nowNanos)) {
            acks.onArrival(member, round, repeated, nowNanos);
        }
    }

    /** @param member {@code null} is the coordinator */
    private void noteArrival(@Nullable Membership member, long nowNanos) {
        if (!hasArrivals()) {
            firstArrivalNanos = nowNanos;
        }
        ArrivalRecord to = record;
        if (to != null) {
            to.onArrival(member, nowNanos);
        }
    }

    private boolean hasArrivals() {
        return coordinatorArrived || arrivedMembers > 0;
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
        membership.attach(new MemberRounds(round));
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
            arrivedMembers--;
            if (record != null) {
                record.onGone(removed);
            }
        }
        if (departure == Departure.LOST && lost.size() < NAMED_LOST_MEMBERS) {
            lost.add(removed.identity());
            if (lossPolicy == LossPolicy.BREAK && group.isFormed() && breakCause == null) {
                breakCause = RoundBreak.Cause.MEMBER_LOST;
            }
        }
    }

    @Override
    public void onMembershipsChanged(long nowNanos) {
        endIfPossible(nowNanos);
    }

    /** @return whether the round has ended */
    private boolean endIfPossible(long nowNanos) {
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
        boolean complete = (coordinatorArrived || coordinatorExcused)
                && group.isFormed()
                && group.memberCount() > 0
                && arrivedMembers >= group.memberCount();
        if (complete) {
            end(null, nowNanos);
        }
        return complete;
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
        int participants = group.memberCount() + (coordinatorExcused ? 0 : 1);
        ArrivalRecord to = record;
        if (to != null) {
            to.onEnd(round, broken != null, nowNanos);
        }
        outcome.onEnd(round, coordinatorArrived, participants, lost.isEmpty() ? List.of() : List.copyOf(lost), broken);
        lastEnd.tell(round, participants, broken, lastArrived, nowNanos);
        acks.onRoundEnded();
        lost.clear();
        round++;
        coordinatorArrived = false;
        arrivedMembers = 0;
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

    /** The members that have not arrived at the current round. */
    public List<NodeIdentity> missingMembers() {
        return MemberRounds.members(group, round, false);
    }

    /** The members that have arrived at the current round. */
    public List<NodeIdentity> arrivedMembers() {
        return MemberRounds.members(group, round, true);
    }

    /** Whether the coordinator has arrived at the current round. */
    public boolean hasCoordinatorArrived() {
        return coordinatorArrived;
    }

    /** When the first participant arrived at the current round; without a meaning while none has. */
    public long firstArrivalNanos() {
        return firstArrivalNanos;
    }

    /**
     * When participants arrive, from the first call on.
     *
     * @param rounds how many of the last ones are kept; taken at the first call
     */
    public ArrivalRecord record(int rounds) {
        ArrivalRecord now = record;
        if (now == null) {
            now = new ArrivalRecord(rounds);
            record = now;
        }
        return now;
    }

    /** The members, in the order in which they asked to join. */
    public List<Membership> memberships() {
        return group.memberships().stream().filter(Membership::isMember).toList();
    }
}
