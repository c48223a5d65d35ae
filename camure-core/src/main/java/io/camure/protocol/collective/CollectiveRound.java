package io.camure.protocol.collective;

import io.camure.protocol.base.Format;
import io.camure.protocol.base.Nonces;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.group.GroupContext;
import io.camure.protocol.group.Membership;
import io.camure.protocol.round.MemberRounds;
import io.camure.protocol.round.RoundBreak;
import io.camure.wire.ChunkReader;
import io.camure.wire.CollectiveCall;
import io.camure.wire.CollectiveChunks;
import io.camure.wire.CollectiveOperation;
import io.camure.wire.NodeIdentity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rounds of a collective at its coordinator. Once all have arrived, it is looked at whether they have called the same; then the result is
 * made of their values in the order of their ranks, once, and goes to all with the release. Who takes part is settled by then: who has arrived
 * counts, whatever has become of it since.
 *
 * <p>What only the application can compute, it {@linkplain #takeComputation takes} and brings back; until then, for a limited time, the round
 * waits.
 */
public final class CollectiveRound extends LongValueRound {

    private static final byte[] NOTHING = {};

    private final Result result;
    private final RoundResult outcome;
    private final GivenValues given = new GivenValues();
    private Contribution own;

    /** What was expected last. */
    private byte[] expected = NOTHING;

    private @Nullable CollectiveOperation expectedOperation;
    private int expectedRoot;

    /** How many nodes were admitted so far. */
    private long admissions;

    /** Why the round that is about to end is broken. */
    private @Nullable RoundBreak failure;

    /** What the application is to compute, until it has taken that. */
    private @Nullable Computation computation;

    /** When it has to be done; {@link RetryTimer#NEVER} while it computes nothing. */
    private long computingEndNanos = RetryTimer.NEVER;

    /** Whether the current round has a result, or a failure. */
    private boolean decided;

    /**
     * @param ofReleases their nonces
     * @param ofResults those of results that are too long for releases
     */
    CollectiveRound(GroupContext group, CollectiveSettings settings, Nonces ofReleases, Nonces ofResults) {
        super(group, settings, new CollectiveEnd(group, ofReleases), ofResults);
        result = new Result(end.result());
        outcome = new RoundResult(end.result());
        own = contribution(NodeIdentity.at(group.link().settings().multicastAddress()));
        participants.setCoordinator(own);
    }

    private static Contribution contribution(NodeIdentity coordinator) {
        return new Contribution(new CollectiveChunks.Participant(CollectiveChunks.COORDINATOR, coordinator), 0, 0);
    }

    /** What the members know the coordinator as. To be told before it arrives. */
    public void setCoordinator(NodeIdentity coordinator) {
        own = contribution(coordinator);
        participants.setCoordinator(isCoordinatorExcused() ? null : own);
    }

    @Override
    protected byte @Nullable [] contextIn(ChunkReader reached) {
        return CollectiveChunks.context(reached);
    }

    @Override
    public void excuseCoordinator() {
        super.excuseCoordinator();
        participants.setCoordinator(null);
    }

    /**
     * The coordinator itself arrives, as {@link #arrive(long)} says; if it has arrived already, what it has given then counts.
     *
     * @param call what is called, see {@link CollectiveCall}
     * @param value what is given
     * @param gives whether there is a value
     */
    public long arrive(byte[] call, byte[] value, boolean gives, long nowNanos) {
        if (!hasCoordinatorArrived()) {
            own.bring(call, value, gives);
        }
        return arrive(nowNanos);
    }

    @Override
    protected MemberRounds newMember(Membership member, long firstRound) {
        return new Contribution(
                new CollectiveChunks.Participant(member.peer().id(), member.identity()), ++admissions, firstRound);
    }

    @Override
    protected void onArrivedGone(Membership member) {
        participants.onGone(Contribution.of(member));
    }

    @Override
    protected boolean isComplete() {
        boolean any = group.memberCount() > 0 || participants.areAnyGone();
        return isComputing() || decided || any && areAllThere();
    }

    private boolean isComputing() {
        return computingEndNanos != RetryTimer.NEVER;
    }

    @Override
    protected boolean isDecided(long nowNanos) {
        if (!isComputing() && !decided) {
            decide(nowNanos);
        }
        return decided;
    }

    private void decide(long nowNanos) {
        participants.settle();
        List<Contribution> ranked = participants.ranked();
        byte[] first = ranked.get(0).body();
        CollectiveOperation operation = CollectiveCall.operation(first);
        int root = CollectiveCall.root(first);
        String obstacle = obstacle(ranked);
        if (obstacle != null) {
            end.prepare(participants, false);
            decide(failed(obstacle));
        } else if (operation == null || !haveAllCalled(expectedCall(operation, root), ranked)) {
            end.prepare(participants, false);
            decide(mismatch(ranked));
        } else if (settings.needsApplication(operation)) {
            end.prepare(participants, true);
            begin(operation, ranked, nowNanos);
        } else {
            end.prepare(participants, operation != CollectiveOperation.GATHER || isCoordinatorExcused());
            decide(failed(result.compute(operation, root, ranked, settings.reduction())));
        }
    }

    /** What the coordinator would call if it took no part, too: it computes by its own reducer. */
    private byte[] expectedCall(CollectiveOperation operation, int root) {
        if (operation != expectedOperation || root != expectedRoot) {
            expectedOperation = operation;
            expectedRoot = root;
            expected = settings.call(operation, root);
        }
        return expected;
    }

    private static boolean haveAllCalled(byte[] call, List<Contribution> ranked) {
        for (int i = 0; i < ranked.size(); i++) {
            if (!ranked.get(i).calls(call)) {
                return false;
            }
        }
        return true;
    }

    private RoundBreak mismatch(List<Contribution> ranked) {
        if (!isCoordinatorExcused()) {
            return Mismatch.of(ranked);
        }
        List<Contribution> all = new ArrayList<>(ranked);
        if (expectedOperation != null) {
            own.bring(expected, NOTHING, false);
            all.add(own);
        }
        return Mismatch.of(all);
    }

    private void begin(CollectiveOperation operation, List<Contribution> ranked, long nowNanos) {
        List<byte[]> values = ranked.stream().map(Contribution::value).toList();
        String wrong = null;
        if (operation == CollectiveOperation.REDUCE_SCATTER) {
            wrong = Result.checkAllParts(ranked);
        } else if (settings.reduction() != null) {
            wrong = result.compute(operation, 0, ranked, settings.reduction());
            values = List.of(end.result().copy(0, end.result().length()));
        }
        if (wrong != null) {
            decide(failed(wrong));
            return;
        }
        computation = new Computation(nextSequence(), operation, participants.nodes(), values);
        computingEndNanos = nowNanos + settings.computingNanos();
    }

    /** What the application is to compute now, and has not taken yet; {@code null} for nothing. */
    public @Nullable Computation takeComputation() {
        Computation taken = computation;
        computation = null;
        return taken;
    }

    /** The application has computed the result of a round, in which nobody may be interested any more. */
    public void onComputed(long round, byte[] value, long nowNanos) {
        if (isComputing() && round == nextSequence()) {
            end.result().clear();
            end.result().append(value, 0, value.length);
            endComputing(failed(null), nowNanos);
        }
    }

    /** The application can't compute the result of a round. */
    public void onFailed(long round, String why, long nowNanos) {
        if (isComputing() && round == nextSequence()) {
            endComputing(failed(why), nowNanos);
        }
    }

    private void endComputing(@Nullable RoundBreak why, long nowNanos) {
        decide(why);
        endIfPossible(nowNanos);
        group.onCommandDone(nowNanos);
    }

    /** @param why {@code null} when there is a result */
    private static @Nullable RoundBreak failed(@Nullable String why) {
        return why == null ? null : new RoundBreak(RoundBreak.Cause.FAILED, List.of(), List.of(), why);
    }

    /** @param why {@code null} when the round is released */
    private void decide(@Nullable RoundBreak why) {
        failure = why;
        decided = true;
        if (why == null || why.cause() == RoundBreak.Cause.FAILED) {
            given.onGiven(nextSequence(), participants.ranked());
        }
        end.onResult(resultSequence(), isTraced());
        if (why == null && hasCoordinatorArrived()) {
            outcome.set(true, participants.nodes(), isCoordinatorExcused() ? -1 : 0);
        }
    }

    @Override
    protected @Nullable RoundBreak failure() {
        return failure;
    }

    @Override
    protected int participants() {
        return participants.ranked().size();
    }

    @Override
    protected void onNextRound(long nowNanos) {
        super.onNextRound(nowNanos);
        own.forget();
        failure = null;
        computation = null;
        computingEndNanos = RetryTimer.NEVER;
        decided = false;
        participants.onNextRound();
    }

    /** Whatever becomes of members while the result is computed does not change it. */
    @Override
    protected boolean isBreakable() {
        return !isComputing();
    }

    @Override
    public boolean mayAdmit(Membership waiting) {
        return super.mayAdmit(waiting) && !isComputing();
    }

    @Override
    public String admissionObstacle() {
        return isComputing() ? "the result of a round is being computed" : super.admissionObstacle();
    }

    @Override
    public String unfinished() {
        return isComputing()
                ? "all have arrived, and the coordinator's reducer or action has yet to make the result"
                : "";
    }

    @Override
    public void onDeadline(long nowNanos) {
        super.onDeadline(nowNanos);
        if (!decided && nowNanos >= computingEndNanos) {
            endComputing(
                    failed("the coordinator has not computed the result within "
                            + Format.duration(settings.computingNanos())),
                    nowNanos);
        }
    }

    @Override
    public long nextDeadlineNanos() {
        // One that is over waits for the group to go on.
        return decided ? super.nextDeadlineNanos() : Math.min(super.nextDeadlineNanos(), computingEndNanos);
    }

    /** What the participants have given. */
    public GivenValues given() {
        return given;
    }

    /** What the coordinator has got of the last round that it has arrived at and that was released. */
    public RoundResult result() {
        return outcome;
    }
}
