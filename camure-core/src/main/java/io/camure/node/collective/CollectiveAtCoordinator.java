package io.camure.node.collective;

import io.camure.CollectiveConfig;
import io.camure.CollectiveContributions;
import io.camure.CoordinatorCollective;
import io.camure.GroupConfig;
import io.camure.Outcome;
import io.camure.node.group.GroupAtCoordinator;
import io.camure.node.group.NodeContext;
import io.camure.node.round.RoundWaiter;
import io.camure.node.round.RoundsAtCoordinator;
import io.camure.protocol.collective.CollectiveRound;
import io.camure.protocol.collective.Computation;
import io.camure.protocol.group.ManagedGroup;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A collective at the coordinator, whose application computes what the protocol can't. */
public final class CollectiveAtCoordinator<T> extends RoundsAtCoordinator<CollectiveRound>
        implements CoordinatorCollective<T>, CollectiveCalls<T> {

    private final Values<T> values;
    private final Computing<T> computing;
    private final CallWaiter waiter;

    CollectiveAtCoordinator(
            NodeContext coordinator,
            Consumer<GroupAtCoordinator> closing,
            ManagedGroup<CollectiveRound> group,
            GroupConfig config,
            CollectiveConfig<T> collectiveConfig) {
        super(coordinator, closing, group, config);
        values = new Values<>(collectiveConfig);
        computing = new Computing<>(collectiveConfig, this);
        waiter = new CallWaiter(waiter(new CoordinatorSide()));
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

    @Override
    public Optional<CollectiveContributions> contributions() {
        return driver().read(nowNanos -> Optional.ofNullable(round.given().last()))
                .map(values::contributions);
    }

    @Override
    protected void publish() {
        super.publish();
        computeSoon();
    }

    /** Never by a thread that holds the session's lock. */
    private void computeSoon() {
        Computation computation = round.takeComputation();
        if (computation != null) {
            coordinator.futureExecutor().execute(() -> compute(computation));
        }
    }

    private void compute(Computation computation) {
        Computing.Result result = computing.compute(computation);
        driver().execute(nowNanos -> {
            byte[] value = result.value();
            if (value != null) {
                round.onComputed(computation.round(), value, nowNanos);
            } else {
                round.onFailed(computation.round(), result.failure(), nowNanos);
            }
            return null;
        });
    }

    private final class CoordinatorSide extends Side<Call<?>, Outcome<?>> {

        private final Given bytes = new Given();

        @Override
        protected long arriveWith(Call<?> call, @Nullable Object given, long nowNanos) {
            if (!config.coordinatorTakesPart()) {
                throw new IllegalStateException(CollectiveAtCoordinator.this
                        + ": the coordinator takes no part in this group (coordinatorTakesPart), and so can't call "
                        + call);
            }
            long arrivedAt = round.arrive(call.name(), bytes.bytes(call, given), given != null, nowNanos);
            computeSoon();
            return arrivedAt;
        }

        @Override
        public void rejoin(Call<?> first, Call<?> call, boolean awaited) {
            CallWaiter.checkRejoined(CollectiveAtCoordinator.this, first, call, awaited);
        }

        @Override
        public RoundWaiter.Landing<Call<?>, Outcome<?>> newLanding() {
            return new RoundLanding(round.result());
        }
    }
}
