package io.camure.spring.kind;

import io.camure.Coordinator;
import io.camure.CoordinatorGroup;
import io.camure.GroupMember;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * A group at its coordinator.
 *
 * @param <G> what the core has for it, and what its bean is
 */
public abstract non-sealed class CoordinatorAdapter<G extends CoordinatorGroup> extends GroupAdapter<G> {

    /** Health names no more members than these. */
    private static final int NAMED_MEMBERS = 20;

    protected CoordinatorAdapter(Class<G> type, GroupContext group) {
        super(type, group);
    }

    /** Creates it in a session. */
    public abstract G create(Coordinator coordinator);

    @Override
    final GroupState state(G open) {
        if (!open.isFormed()) {
            return GroupState.FORMING;
        }
        return open.members().size() < open.expectedMembers() ? GroupState.DEGRADED : GroupState.OPEN;
    }

    @Override
    public final Optional<Duration> roundTrip() {
        G now = current();
        return now == null ? Optional.empty() : now.roundTrip();
    }

    @Override
    public List<GroupMeter> meters() {
        return List.of(
                GroupMeter.gauge(
                        "camure.group.members",
                        "members",
                        "Members in the group",
                        () -> valueOfCurrent(now -> now.members().size())),
                GroupMeter.gauge(
                        "camure.group.expected.members",
                        "members",
                        "Members that the group expects",
                        () -> group().config().expectedMembers()));
    }

    /** A value of what the core has for the group, or 0 while there is nothing. */
    protected final double valueOfCurrent(ToDoubleFunction<G> value) {
        G now = current();
        return now == null ? 0 : value.applyAsDouble(now);
    }

    /** Some of the members by their names and addresses, for health: when each was last heard. */
    protected static Map<String, String> lastHeard(CoordinatorGroup group, Predicate<GroupMember> which) {
        Map<String, String> heard = new LinkedHashMap<>();
        group.members().stream()
                .filter(which)
                .limit(NAMED_MEMBERS)
                .forEach(member -> heard.put(member.node().toString(), Written.ago(member.lastHeard())));
        return heard;
    }
}
