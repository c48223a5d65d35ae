package io.camure.node.round;

import io.camure.CamureException;
import io.camure.GroupConfig;
import io.camure.Node;
import io.camure.RoundHistory;
import io.camure.RoundProgress;
import io.camure.RoundTimeoutException;
import io.camure.node.group.GroupAtCoordinator;
import io.camure.node.group.LongWaits;
import io.camure.node.group.NodeContext;
import io.camure.node.group.Nodes;
import io.camure.protocol.base.Format;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.round.RoundOutcome;
import io.camure.protocol.round.RoundWork;
import io.camure.wire.NodeIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A group with rounds at the coordinator.
 *
 * @param <W> its work in the protocol
 */
public abstract class RoundsAtCoordinator<W extends RoundWork> extends GroupAtCoordinator {

    protected final W round;

    protected RoundsAtCoordinator(
            NodeContext coordinator, Consumer<GroupAtCoordinator> closing, ManagedGroup<W> group, GroupConfig config) {
        super(coordinator, closing, group, config);
        round = group.work();
    }

    /** What waits for rounds here. */
    protected final <C, R> RoundWaiter<C, R> waiter(RoundWaiter.Side<C, R> side) {
        RoundTraces traces = RoundTraces.of(config.roundTracing().orElse(null), coordinator, this, round::waitsIn);
        if (traces != null) {
            round.traceBy(traces);
        }
        return new RoundWaiter<>(driver(), coordinator.futureExecutor(), waits, side, config.timeout(), traces);
    }

    public final void reset() {
        driver().execute(nowNanos -> {
            throwIfOver();
            round.reset(nowNanos);
            return null;
        });
    }

    private void throwIfOver() {
        CamureException end = end();
        if (end != null) {
            throw end;
        }
    }

    public final RoundProgress progress() {
        return driver().read(nowNanos -> {
            List<Node> arrived = Nodes.of(round.arrivedMembers());
            boolean begun = round.hasCoordinatorArrived() || !arrived.isEmpty();
            return new RoundProgress(
                    round.nextSequence(),
                    begun
                            ? Optional.of(Instant.now().minusNanos(nowNanos - round.firstArrivalNanos()))
                            : Optional.empty(),
                    round.hasCoordinatorArrived(),
                    arrived,
                    Nodes.of(round.missingMembers()));
        });
    }

    public final RoundHistory history() {
        return driver().read(nowNanos -> Histories.of(round, coordinator.node(), nowNanos));
    }

    /** This side, but for what is called in a round and what is got of it. */
    protected abstract class Side<C, R> implements RoundWaiter.Side<C, R> {

        @Override
        public final long arrive(C call, @Nullable Object given, long nowNanos) {
            throwIfOver();
            return arriveWith(call, given, nowNanos);
        }

        protected abstract long arriveWith(C call, @Nullable Object given, long nowNanos);

        @Override
        public final RoundOutcome outcome() {
            return round.outcome();
        }

        @Override
        public final long generation() {
            return group.generation();
        }

        @Override
        public final long term() {
            return coordinator.term();
        }

        @Override
        public final String name() {
            return RoundsAtCoordinator.this.toString();
        }

        @Override
        public final @Nullable CamureException end() {
            return RoundsAtCoordinator.this.end();
        }

        @Override
        public final RoundTimeoutException timedOut(long number, Duration timeout) {
            return new RoundTimeoutException(
                    RoundsAtCoordinator.this + ": round " + number + " is not complete after "
                            + Format.duration(timeout) + ": "
                            + whatIsMissing(),
                    number,
                    Nodes.of(round.missingMembers()));
        }

        @Override
        public final LongWaits.Notice notice(long number) {
            return LongWaits.Notice.info(RoundsAtCoordinator.this, "round " + number + ": " + whatIsMissing());
        }

        @Override
        public final boolean tellsOfFutures() {
            return true;
        }
    }

    private String whatIsMissing() {
        int present = group.memberCount();
        if (!round.unfinished().isEmpty()) {
            return round.unfinished();
        } else if (!group.isFormed()) {
            return missingExpected();
        } else if (present == 0) {
            return "there is no member";
        }
        List<NodeIdentity> missing = round.missingMembers();
        List<NodeIdentity> arrived = round.arrivedMembers();
        return missing.size() + " of " + present + " members have not arrived: " + Nodes.listed(missing)
                + (arrived.isEmpty() ? "" : "; arrived: " + Nodes.listed(arrived));
    }
}
