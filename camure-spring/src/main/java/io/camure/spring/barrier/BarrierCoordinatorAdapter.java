package io.camure.spring.barrier;

import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.Node;
import io.camure.RoundProgress;
import io.camure.spring.kind.Around;
import io.camure.spring.kind.CoordinatorAdapter;
import io.camure.spring.kind.GroupContext;
import io.camure.spring.kind.GroupDetails;
import io.camure.spring.kind.GroupMeter;
import io.camure.spring.kind.GroupSample;
import io.camure.spring.kind.GroupTimer;
import io.camure.spring.kind.Written;
import io.camure.spring.round.RoundCalls;
import io.camure.spring.round.RoundDetails;
import io.camure.spring.round.RoundRecord;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A barrier at its coordinator. */
final class BarrierCoordinatorAdapter extends CoordinatorAdapter<CoordinatorBarrier> implements BarrierAdapter {

    private final RoundCalls calls;

    BarrierCoordinatorAdapter(GroupContext group) {
        super(CoordinatorBarrier.class, group);
        calls = new RoundCalls(group, new RoundRecord(() -> Duration.ZERO));
    }

    @Override
    public CoordinatorBarrier create(Coordinator coordinator) {
        return coordinator.createBarrier(group().config());
    }

    @Override
    public RoundRecord rounds() {
        return calls.rounds();
    }

    @Override
    public void onLost() {
        rounds().onNewNumbering();
    }

    @Override
    public @Nullable Object around(Method method, Around.Call call) throws Throwable {
        return calls.around(method, call);
    }

    @Override
    public List<GroupTimer> timers() {
        return rounds().timers();
    }

    @Override
    public List<GroupMeter> meters() {
        List<GroupMeter> meters = new ArrayList<>(super.meters());
        meters.add(GroupMeter.gauge(
                "camure.barrier.missing.members",
                "members",
                "Members that have not arrived at a round at which others have",
                () -> valueOfCurrent(BarrierCoordinatorAdapter::missingMembers)));
        meters.add(GroupMeter.time(
                "camure.barrier.pending",
                "Time since the first node arrived at the round that is not complete, or 0",
                () -> valueOfCurrent(BarrierCoordinatorAdapter::pendingNanos)));
        return meters;
    }

    private static double missingMembers(CoordinatorBarrier barrier) {
        RoundProgress progress = barrier.progress();
        return progress.since().isPresent() ? progress.missing().size() : 0;
    }

    private static double pendingNanos(CoordinatorBarrier barrier) {
        return barrier.progress()
                .since()
                .map(since -> TimeUnit.MILLISECONDS.toNanos(Written.ageMillis(since)))
                .orElse(0L);
    }

    private Optional<RoundProgress> progress() {
        return Optional.ofNullable(current()).map(CoordinatorBarrier::progress);
    }

    @Override
    public GroupDetails details() {
        Map<String, Object> details = new LinkedHashMap<>();
        Optional<RoundProgress> progress = progress();
        progress.ifPresent(round -> details.put("round", RoundDetails.of(round)));
        details.put("rounds", RoundDetails.of(rounds()));
        Set<Node> arrived =
                progress.<Set<Node>>map(round -> new HashSet<>(round.arrived())).orElse(Set.of());
        return new GroupDetails(details, member -> Map.of("arrived", arrived.contains(member)));
    }

    @Override
    public GroupSample sample() {
        CoordinatorBarrier barrier = current();
        return barrier == null ? RoundDetails.sample(rounds()) : RoundDetails.sample(rounds(), barrier.history());
    }

    @Override
    public Map<String, Object> health() {
        Map<String, Object> health = new LinkedHashMap<>();
        CoordinatorBarrier barrier = current();
        if (barrier != null) {
            RoundProgress progress = barrier.progress();
            progress.since().ifPresent(since -> {
                Set<Node> arrived = new HashSet<>(progress.arrived());
                health.put("roundWaiting", Written.ageMillis(since) + "ms");
                health.put("missingMembers", lastHeard(barrier, member -> !arrived.contains(member.node())));
            });
        }
        health.putAll(RoundDetails.lastForHealth(rounds()));
        return health;
    }
}
