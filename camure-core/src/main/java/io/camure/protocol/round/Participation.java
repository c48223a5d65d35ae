package io.camure.protocol.round;

import io.camure.protocol.group.GroupContext;
import io.camure.protocol.group.GroupWork;
import io.camure.protocol.group.Membership;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.NodeIdentity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who takes part in the rounds of a group, who has arrived at the current one, and what the kind of group makes of that. */
public abstract class Participation implements GroupWork {

    protected final GroupContext group;
    final Arrivals arrivals = new Arrivals();
    final ArrivalTraces traces = new ArrivalTraces();

    /** The current round: the first that has not ended. */
    long round;

    /** Whether the coordinator takes no part, so that rounds end without it. */
    private boolean coordinatorExcused;

    Participation(GroupContext group) {
        this.group = group;
    }

    /** What is kept of a member from its first round on. */
    protected MemberRounds newMember(Membership member, long firstRound) {
        return new MemberRounds(firstRound);
    }

    /**
     * A member arrives at the current round for the first time.
     *
     * @return whether what it brings with it can be taken; if not, it has not arrived
     */
    protected boolean takesArrival(Membership member, ChunkReader reached, long nowNanos) {
        return true;
    }

    /** Whether all is here that a member has announced by its arrival; if not, it arrives once it is. */
    protected boolean isArrivalWhole(Membership member) {
        return true;
    }

    /** A member that had arrived at the current round is in the group no more. */
    protected void onArrivedGone(Membership member) {}

    /** Whether all participants are there. */
    protected boolean isComplete() {
        return group.memberCount() > 0 && areAllThere();
    }

    /** Whether nobody is waited for who is in the group. */
    protected final boolean areAllThere() {
        return (arrivals.hasCoordinator() || coordinatorExcused)
                && group.isFormed()
                && arrivals.members() >= group.memberCount();
    }

    /** Whether a round with all participants can end now; if not, it is asked again with the next change. */
    protected boolean isDecided(long nowNanos) {
        return true;
    }

    /** Why a round with all participants is broken nevertheless, or {@code null} when it is released. */
    protected @Nullable RoundBreak failure() {
        return null;
    }

    /** How many take part in the round that ends now. */
    protected int participants() {
        return group.memberCount() + (coordinatorExcused ? 0 : 1);
    }

    /** A round has ended, and the next one has begun. */
    protected void onNextRound(long nowNanos) {}

    /** What a round waits for at which all have arrived; for people. Empty for nothing. */
    public String unfinished() {
        return "";
    }

    /** Whether the loss of a member breaks the current round. */
    protected boolean isBreakable() {
        return true;
    }

    /** Has rounds complete without the coordinator from now on, which does not take part in them. */
    public void excuseCoordinator() {
        coordinatorExcused = true;
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
        return arrivals.hasCoordinator();
    }

    protected final boolean isCoordinatorExcused() {
        return coordinatorExcused;
    }

    /** When the first participant arrived at the current round; without a meaning while none has. */
    public long firstArrivalNanos() {
        return arrivals.firstNanos();
    }

    /**
     * When participants arrive, from the first call on.
     *
     * @param rounds how many of the last ones are kept; taken at the first call
     */
    public ArrivalRecord record(int rounds) {
        return arrivals.record(rounds);
    }

    /** Has participants tell in which traces they wait, and be told what stands for a round in them. */
    public void traceBy(RoundTracer tracer) {
        traces.traceBy(tracer);
    }

    /** The coordinator is about to arrive in a trace. */
    public void waitsIn(byte[] context) {
        traces.onCoordinatorWaits(context);
    }

    /** In which trace a member waits that arrives; {@code null} in none. */
    protected abstract byte @Nullable [] contextIn(ChunkReader reached);

    /** In which trace a member waits that arrives; {@code null} in none, and where nobody wants to know. */
    protected final byte @Nullable [] contextOf(Membership member, ChunkReader reached) {
        return traces.areWanted() && member.can(Capability.ROUND_CONTEXTS) ? contextIn(reached) : null;
    }

    /** Whether what stands for the current round in traces may be told with its end. */
    protected final boolean isTraced() {
        return traces.areAny();
    }

    /** The members, in the order in which they asked to join. */
    public List<Membership> memberships() {
        return group.memberships().stream().filter(Membership::isMember).toList();
    }
}
