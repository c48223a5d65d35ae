package io.camure.node.barrier;

import io.camure.CoordinatorBarrier;
import io.camure.GroupConfig;
import io.camure.Round;
import io.camure.node.group.GroupAtCoordinator;
import io.camure.node.group.NodeContext;
import io.camure.node.round.RoundWaiter;
import io.camure.node.round.RoundsAtCoordinator;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.base.Checks;
import io.camure.protocol.group.ManagedGroup;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A barrier at the coordinator. */
public final class BarrierAtCoordinator extends RoundsAtCoordinator<BarrierRound> implements CoordinatorBarrier {

    private final RoundWaiter<Await, Round> waiter;

    BarrierAtCoordinator(
            NodeContext coordinator,
            Consumer<GroupAtCoordinator> closing,
            ManagedGroup<BarrierRound> group,
            GroupConfig config) {
        super(coordinator, closing, group, config);
        waiter = waiter(new CoordinatorSide());
    }

    @Override
    public Round await() throws InterruptedException {
        return waiter.await(Await.AWAIT, null, null);
    }

    @Override
    public Round await(Duration timeout) throws InterruptedException {
        return waiter.await(Await.AWAIT, null, Checks.given("timeout", timeout));
    }

    @Override
    public CompletableFuture<Round> awaitAsync() {
        return waiter.awaitAsync(Await.AWAIT, null, null);
    }

    @Override
    public CompletableFuture<Round> awaitAsync(Duration timeout) {
        return waiter.awaitAsync(Await.AWAIT, null, Checks.given("timeout", timeout));
    }

    private final class CoordinatorSide extends Side<Await, Round> {

        @Override
        protected long arriveWith(Await call, @Nullable Object given, long nowNanos) {
            return round.arrive(nowNanos);
        }

        @Override
        public RoundWaiter.Landing<Await, Round> newLanding() {
            return Await.AWAIT;
        }
    }
}
