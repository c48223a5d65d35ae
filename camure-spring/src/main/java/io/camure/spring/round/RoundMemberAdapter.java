package io.camure.spring.round;

import io.camure.Group;
import io.camure.Member;
import io.camure.spring.kind.Around;
import io.camure.spring.kind.GroupContext;
import io.camure.spring.kind.GroupDetails;
import io.camure.spring.kind.GroupSample;
import io.camure.spring.kind.GroupTimer;
import io.camure.spring.kind.MemberAdapter;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A group with rounds at a member.
 *
 * @param <G> what the core has for it, and what its bean is
 */
public abstract class RoundMemberAdapter<G extends Group> extends MemberAdapter<G> {

    private final RoundCalls calls;

    /** @param kind of the group, such as {@code barrier}; all methods that {@code type} has itself wait for a round */
    protected RoundMemberAdapter(Class<G> type, GroupContext group, String kind, RoundCalls.Results results) {
        super(type, group);
        // An arrival has to get to the coordinator, and the release back, which is no waiting for others.
        calls = new RoundCalls(
                group,
                new RoundRecord(
                        kind,
                        () -> group.session()
                                .member()
                                .flatMap(Member::roundTrip)
                                .orElse(Duration.ZERO)),
                type,
                results);
    }

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
    public GroupDetails details() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("rounds", RoundDetails.of(rounds()));
        details.putAll(moreDetails());
        return new GroupDetails(details);
    }

    @Override
    public GroupSample sample() {
        return RoundDetails.sample(rounds());
    }

    @Override
    public Map<String, Object> health() {
        return RoundDetails.lastForHealth(rounds());
    }
}
