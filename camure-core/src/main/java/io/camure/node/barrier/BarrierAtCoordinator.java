package io.camure.node.barrier;

import io.camure.CamureException;
import io.camure.CoordinatorBarrier;
import io.camure.GroupConfig;
import io.camure.Node;
import io.camure.Round;
import io.camure.RoundHistory;
import io.camure.RoundProgress;
import io.camure.RoundTimeoutException;
import io.camure.node.group.GroupAtCoordinator;
import io.camure.node.group.LongWaits;
import io.camure.node.group.NodeContext;
import io.camure.node.group.Nodes;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.barrier.RoundOutcome;
import io.camure.protocol.base.Format;
import io.camure.protocol.group.ManagedGroup;
import io.camure.wire.NodeIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

public final class BarrierAtCoordinator extends GroupAtCoordinator implements CoordinatorBarrier {

    private final BarrierRound round;
    private final RoundWaiter waiter;

    BarrierAtCoordinator(
            NodeContext coordinator,
            Consumer<GroupAtCoordinator> closing,
            ManagedGroup<BarrierRound> group,
            GroupConfig config) {
        super(coordinator, closing, group, config);
        round = group.work();
        waiter = new RoundWaiter(
                coordinator.driver(), coordinator.futureExecutor(), waits, new CoordinatorSide(), config.timeout());
    }

    @Override
    public Round await() throws InterruptedException {
        return waiter.await();
    }

    @Override
    public Round await(Duration timeout) throws InterruptedException {
        return waiter.await(timeout);
    }

    @Override
    public CompletableFuture<Round> awaitAsync() {
        return waiter.awaitAsync();
    }

    @Override
    public CompletableFuture<Round> awaitAsync(Duration timeout) {
        return waiter.awaitAsync(timeout);
    }

    @Override
    public void reset() {
        coordinator.driver().execute(nowNanos -> {
            CamureException end = end();
            if (end != null) {
                throw end;
            }
            round.reset(nowNanos);
            return null;
        });
    }

    @Override
    public RoundProgress progress() {
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

    @Override
    public RoundHistory history() {
        return driver().read(nowNanos -> Histories.of(round, coordinator.node(), nowNanos));
    }

    private final class CoordinatorSide implements RoundWaiter.Side {

        @Override
        public long arrive(long nowNanos) {
            CamureException end = end();
            if (end != null) {
                throw end;
            }
            return round.arrive(nowNanos);
        }

        @Override
        public RoundOutcome outcome() {
            return round.outcome();
        }

        @Override
        public long term() {
            return coordinator.term();
        }

        @Override
        public String name() {
            return BarrierAtCoordinator.this.toString();
        }

        @Override
        public @Nullable CamureException end() {
            return BarrierAtCoordinator.this.end();
        }

        @Override
        public RoundTimeoutException timedOut(long number, Duration timeout) {
            return new RoundTimeoutException(
                    BarrierAtCoordinator.this + ": round " + number + " is not complete after "
                            + Format.duration(timeout) + ": "
                            + whatIsMissing(),
                    number,
                    Nodes.of(round.missingMembers()));
        }

        @Override
        public LongWaits.Notice notice(long number) {
            return LongWaits.Notice.info(BarrierAtCoordinator.this, "round " + number + ": " + whatIsMissing());
        }

        @Override
        public boolean tellsOfFutures() {
            return true;
        }

        private String whatIsMissing() {
            int present = group.memberCount();
            if (!group.isFormed()) {
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
}
