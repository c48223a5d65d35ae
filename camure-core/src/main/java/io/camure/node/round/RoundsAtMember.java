package io.camure.node.round;

import io.camure.CamureException;
import io.camure.RoundTimeoutException;
import io.camure.RoundTracing;
import io.camure.node.group.GroupAtMember;
import io.camure.node.group.LongWaits;
import io.camure.node.group.NodeContext;
import io.camure.protocol.base.Format;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.round.ArrivalWork;
import io.camure.protocol.round.RoundOutcome;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A group with rounds at a member.
 *
 * @param <W> its work in the protocol
 */
public abstract class RoundsAtMember<W extends ArrivalWork> extends GroupAtMember {

    protected final W arrival;

    protected RoundsAtMember(NodeContext member, Consumer<GroupAtMember> leaving, JoinedGroup<W> group) {
        super(member, leaving, group);
        arrival = group.work();
    }

    /**
     * What waits for rounds here.
     *
     * @param tracing {@code null} when rounds show in no traces
     */
    protected final <C, R> RoundWaiter<C, R> waiter(
            RoundWaiter.Side<C, R> side, Duration timeout, @Nullable RoundTracing tracing) {
        return new RoundWaiter<>(
                driver(),
                member.futureExecutor(),
                new LongWaits(driver()),
                side,
                timeout,
                RoundTraces.of(tracing, member, this, arrival::waitsIn));
    }

    /** This side, but for what is called in a round and what is got of it. */
    protected abstract class Side<C, R> implements RoundWaiter.Side<C, R> {

        @Override
        public final long arrive(C call, @Nullable Object given, long nowNanos) {
            CamureException end = end();
            if (end != null) {
                throw end;
            }
            return arriveWith(call, given, nowNanos);
        }

        protected abstract long arriveWith(C call, @Nullable Object given, long nowNanos);

        @Override
        public final RoundOutcome outcome() {
            return arrival.outcome();
        }

        @Override
        public final long generation() {
            return arrival.generation();
        }

        @Override
        public final long term() {
            return member.term();
        }

        @Override
        public final String name() {
            return RoundsAtMember.this.toString();
        }

        @Override
        public final @Nullable CamureException end() {
            return RoundsAtMember.this.end();
        }

        @Override
        public final RoundTimeoutException timedOut(long number, Duration timeout) {
            return new RoundTimeoutException(
                    RoundsAtMember.this + ": round " + number + " was not released after " + Format.duration(timeout)
                            + ": " + whoMayBeMissing(),
                    number,
                    List.of());
        }

        @Override
        public final LongWaits.Notice notice(long number) {
            return LongWaits.Notice.info(RoundsAtMember.this, "round " + number + ": " + whoMayBeMissing());
        }

        /** One that goes on being there after its future is not yet waiting for anybody. */
        @Override
        public final boolean tellsOfFutures() {
            return false;
        }
    }

    /** What else a member may wait for; for people. */
    protected String orElse() {
        return "";
    }

    private String whoMayBeMissing() {
        return "this node has arrived; the coordinator " + Format.node(group.coordinator())
                + " or other members have not" + orElse() + ", which the coordinator's log names";
    }
}
