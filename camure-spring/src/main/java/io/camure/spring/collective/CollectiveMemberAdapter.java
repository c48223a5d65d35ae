package io.camure.spring.collective;

import io.camure.Collective;
import io.camure.CollectiveConfig;
import io.camure.Member;
import io.camure.spring.kind.GroupContext;
import io.camure.spring.kind.GroupMeter;
import io.camure.spring.round.RoundMemberAdapter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A collective at a member. */
@SuppressWarnings("rawtypes")
final class CollectiveMemberAdapter extends RoundMemberAdapter<Collective> implements CollectiveAdapter {

    private final CollectiveValues values;
    private final OutcomeRecord outcomes;

    CollectiveMemberAdapter(GroupContext group, CollectiveValues values) {
        this(group, values, new OutcomeRecord());
    }

    private CollectiveMemberAdapter(GroupContext group, CollectiveValues values, OutcomeRecord outcomes) {
        super(Collective.class, group, CollectiveKind.NAME, outcomes);
        this.values = values;
        this.outcomes = outcomes;
    }

    @Override
    public Collective<?> join(Member member, Duration timeout) throws InterruptedException {
        return member.joinCollective(group().membership(), config(), timeout);
    }

    @Override
    public CollectiveConfig<?> config() {
        return values.config();
    }

    @Override
    public List<GroupMeter> meters() {
        return List.of(outcomes.meter());
    }

    @Override
    protected Map<String, Object> moreDetails() {
        return outcomes.details(config(), null);
    }

    @Override
    public Map<String, Object> health() {
        Map<String, Object> health = new LinkedHashMap<>(super.health());
        health.putAll(outcomes.health());
        return health;
    }
}
