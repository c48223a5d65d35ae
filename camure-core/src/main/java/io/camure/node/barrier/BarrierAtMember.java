package io.camure.node.barrier;

import io.camure.Barrier;
import io.camure.CamureException;
import io.camure.Round;
import io.camure.RoundTimeoutException;
import io.camure.node.group.GroupAtMember;
import io.camure.node.group.LongWaits;
import io.camure.node.group.NodeContext;
import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.RoundOutcome;
import io.camure.protocol.base.Format;
import io.camure.protocol.group.JoinedGroup;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A barrier at a member. */
public final class BarrierAtMember extends GroupAtMember implements Barrier {

    private final BarrierArrival arrival;
    private final RoundWaiter waiter;

    BarrierAtMember(
            NodeContext member, Consumer<GroupAtMember> leaving, JoinedGroup<BarrierArrival> group, Duration timeout) {
        super(member, leaving, group);
        arrival = group.work();
        waiter = new RoundWaiter(
                member.driver(), member.futureExecutor(), new LongWaits(member.driver()), new MemberSide(), timeout);
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

    private final class MemberSide implements RoundWaiter.Side {

        @Override
        public long arrive(long nowNanos) {
            CamureException end = end();
            if (end != null) {
                throw end;
            }
            return arrival.arrive(nowNanos);
        }

        @Override
        public RoundOutcome outcome() {
            return arrival.outcome();
        }

        @Override
        public long term() {
            return member.term();
        }

        @Override
        public String name() {
            return BarrierAtMember.this.toString();
        }

        @Override
        public @Nullable CamureException end() {
            return BarrierAtMember.this.end();
        }

        @Override
        public RoundTimeoutException timedOut(long number, Duration timeout) {
            return new RoundTimeoutException(
                    BarrierAtMember.this + ": round " + number + " was not released after " + Format.duration(timeout)
                            + ": " + whoMayBeMissing(),
                    number,
                    List.of());
        }

        @Override
        public LongWaits.Notice notice(long number) {
            return LongWaits.Notice.info(BarrierAtMember.this, "round " + number + ": " + whoMayBeMissing());
        }

        /** One that goes on being there after its future is not yet waiting for anybody. */
        @Override
        public boolean tellsOfFutures() {
            return false;
        }

        private String whoMayBeMissing() {
            return "this node has arrived; the coordinator " + Format.node(group.coordinator())
                    + " or other members have not, which the coordinator's log names";
        }
    }
}
