package io.camure.spring.collective;

import io.camure.Collective;
import io.camure.CollectiveConfig;
import io.camure.Coordinator;
import io.camure.CoordinatorCollective;
import io.camure.RoundHistory;
import io.camure.RoundProgress;
import io.camure.spring.kind.GroupContext;
import io.camure.spring.kind.GroupMeter;
import io.camure.spring.round.RoundCoordinatorAdapter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A collective at its coordinator. */
@SuppressWarnings("rawtypes")
final class CollectiveCoordinatorAdapter extends RoundCoordinatorAdapter<CoordinatorCollective>
        implements CollectiveAdapter {

    private final CollectiveValues values;
    private final OutcomeRecord outcomes;

    CollectiveCoordinatorAdapter(GroupContext group, CollectiveValues values) {
        this(group, values, new OutcomeRecord());
    }

    private CollectiveCoordinatorAdapter(GroupContext group, CollectiveValues values, OutcomeRecord outcomes) {
        super(CoordinatorCollective.class, group, CollectiveKind.NAME, Collective.class, outcomes);
        this.values = values;
        this.outcomes = outcomes;
    }

    @Override
    public CoordinatorCollective<?> create(Coordinator coordinator) {
        return coordinator.createCollective(group().config(), config());
    }

    @Override
    public CollectiveConfig<?> config() {
        return values.config();
    }

    @Override
    protected RoundProgress progress(CoordinatorCollective open) {
        return open.progress();
    }

    @Override
    protected RoundHistory history(CoordinatorCollective open) {
        // Kept from then on, as the history is.
        open.contributions();
        return open.history();
    }

    @Override
    public List<GroupMeter> meters() {
        List<GroupMeter> meters = new ArrayList<>(super.meters());
        meters.add(outcomes.meter());
        return meters;
    }

    @Override
    protected Map<String, Object> moreDetails() {
        CoordinatorCollective<?> open = current();
        return outcomes.details(
                config(), open == null ? null : open.contributions().orElse(null));
    }

    @Override
    public Map<String, Object> health() {
        Map<String, Object> health = new LinkedHashMap<>(super.health());
        health.putAll(outcomes.health());
        return health;
    }
}
