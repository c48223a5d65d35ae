package io.camure.spring.round;

import io.camure.CoordinatorGroup;
import io.camure.Node;
import io.camure.RoundHistory;
import io.camure.RoundProgress;
import io.camure.spring.kind.Around;
import io.camure.spring.kind.CoordinatorAdapter;
import io.camure.spring.kind.GroupContext;
import io.camure.spring.kind.GroupDetails;
import io.camure.spring.kind.GroupMeter;
import io.camure.spring.kind.GroupSample;
import io.camure.spring.kind.GroupTimer;
import io.camure.spring.kind.Written;
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

/**
 * A group with rounds at its coordinator.
 *
 * @param <G> what the core has for it, and what its bean is
 */
public abstract class RoundCoordinatorAdapter<G extends CoordinatorGroup> extends CoordinatorAdapter<G> {

    private final RoundCalls calls;

    /**
     * @param kind of the group, such as {@code barrier}
     * @param waiting all methods that this has itself wait for a round
     */
    protected RoundCoordinatorAdapter(
            Class<G> type, GroupContext group, String kind, Class<?> waiting, RoundCalls.Results results) {
        super(type, group);
        calls = new RoundCalls(group, new RoundRecord(kind, () -> Duration.ZERO), waiting, results);
    }

    /** Which nodes have arrived at the current round of an open group. */
    protected abstract RoundProgress progress(G open);

    /** When the nodes have arrived at the last rounds of an open group. */
    protected abstract RoundHistory history(G open);

    /** What is told of the group beside its rounds. */
    protected Map<String, Object> moreDetails() {
        return Map.of();
    }

    /** The rounds that this node has waited for. */
    public final RoundRecord rounds() {
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
                () -> valueOfCurrent(group -> missingMembers(progress(group)))));
        meters.add(GroupMeter.time(
                "camure.barrier.pending",
                "Time since the first node arrived at the round that is not complete, or 0",
                () -> valueOfCurrent(group -> pendingNanos(progress(group)))));
        return meters;
    }

    private static double missingMembers(RoundProgress progress) {
        return progress.since().isPresent() ? progress.missing().size() : 0;
    }

    private static double pendingNanos(RoundProgress progress) {
        return progress.since()
                .map(since -> TimeUnit.MILLISECONDS.toNanos(Written.ageMillis(since)))
                .orElse(0L);
    }

    @Override
    public GroupDetails details() {
        Map<String, Object> details = new LinkedHashMap<>();
        Optional<RoundProgress> progress = Optional.ofNullable(current()).map(this::progress);
        progress.ifPresent(round -> details.put("round", RoundDetails.of(round)));
        details.put("rounds", RoundDetails.of(rounds()));
        details.putAll(moreDetails());
        Set<Node> arrived =
                progress.<Set<Node>>map(round -> new HashSet<>(round.arrived())).orElse(Set.of());
        return new GroupDetails(details, member -> Map.of("arrived", arrived.contains(member)));
    }

    @Override
    public GroupSample sample() {
        G now = current();
        return now == null ? RoundDetails.sample(rounds()) : RoundDetails.sample(rounds(), history(now));
    }

    @Override
    public Map<String, Object> health() {
        Map<String, Object> health = new LinkedHashMap<>();
        G now = current();
        if (now != null) {
            RoundProgress progress = progress(now);
            progress.since().ifPresent(since -> {
                Set<Node> arrived = new HashSet<>(progress.arrived());
                health.put("roundWaiting", Written.ageMillis(since) + "ms");
                health.put("missingMembers", lastHeard(now, member -> !arrived.contains(member.node())));
            });
        }
        health.putAll(RoundDetails.lastForHealth(rounds()));
        return health;
    }
}
