package io.camure.node.barrier;

import io.camure.Barrier;
import io.camure.Round;
import io.camure.RoundTracing;
import io.camure.node.group.GroupAtMember;
import io.camure.node.group.NodeContext;
import io.camure.node.round.RoundWaiter;
import io.camure.node.round.RoundsAtMember;
import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.base.Checks;
import io.camure.protocol.group.JoinedGroup;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A barrier at a member. */
public final class BarrierAtMember extends RoundsAtMember<BarrierArrival> implements Barrier {

    private final RoundWaiter<Await, Round> waiter;

    /** @param tracing {@code null} when rounds show in no traces */
    BarrierAtMember(
            NodeContext member,
            Consumer<GroupAtMember> leaving,
            JoinedGroup<BarrierArrival> group,
            Duration timeout,
            @Nullable RoundTracing tracing) {
        super(member, leaving, group);
        waiter = waiter(new MemberSide(), timeout, tracing);
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

    private final class MemberSide extends Side<Await, Round> {

        @Override
        protected long arriveWith(Await call, @Nullable Object given, long nowNanos) {
            return arrival.arrive(nowNanos);
        }

        @Override
        public RoundWaiter.Landing<Await, Round> newLanding() {
            return Await.AWAIT;
        }
    }
}
