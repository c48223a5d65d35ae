package io.camure.node.collective;

import io.camure.CollectiveConfig;
import io.camure.Outcome;
import io.camure.RoundTracing;
import io.camure.node.group.GroupAtMember;
import io.camure.node.group.NodeContext;
import io.camure.node.round.RoundWaiter;
import io.camure.node.round.RoundsAtMember;
import io.camure.protocol.collective.CollectiveArrival;
import io.camure.protocol.group.JoinedGroup;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A collective at a member. */
public final class CollectiveAtMember<T> extends RoundsAtMember<CollectiveArrival> implements CollectiveCalls<T> {

    private final Values<T> values;
    private final CallWaiter waiter;

    CollectiveAtMember(
            NodeContext member,
            Consumer<GroupAtMember> leaving,
            JoinedGroup<CollectiveArrival> group,
            CollectiveConfig<T> config,
            Duration timeout,
            @Nullable RoundTracing tracing) {
        super(member, leaving, group);
        values = new Values<>(config);
        waiter = new CallWaiter(waiter(new MemberSide(), timeout, tracing));
    }

    @Override
    protected String orElse() {
        return ", or its reducer or action has yet to make the result";
    }

    @Override
    public Values<T> values() {
        return values;
    }

    @Override
    public <V> Outcome<V> await(Call<V> call, @Nullable Object given, @Nullable Duration timeout)
            throws InterruptedException {
        return waiter.await(call, given, timeout);
    }

    @Override
    public <V> CompletableFuture<Outcome<V>> begin(Call<V> call, @Nullable Object given, @Nullable Duration timeout) {
        return waiter.begin(call, given, timeout);
    }

    private final class MemberSide extends Side<Call<?>, Outcome<?>> {

        private final Given bytes = new Given();

        @Override
        protected long arriveWith(Call<?> call, @Nullable Object given, long nowNanos) {
            return arrival.arrive(call.name(), bytes.bytes(call, given), given != null, nowNanos);
        }

        @Override
        public void rejoin(Call<?> first, Call<?> call, boolean awaited) {
            CallWaiter.checkRejoined(CollectiveAtMember.this, first, call, awaited);
        }

        @Override
        public RoundWaiter.Landing<Call<?>, Outcome<?>> newLanding() {
            return new RoundLanding(arrival.result());
        }
    }
}
