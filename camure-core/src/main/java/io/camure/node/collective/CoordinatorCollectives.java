package io.camure.node.collective;

import io.camure.CollectiveConfig;
import io.camure.GroupConfig;
import io.camure.Reducer;
import io.camure.node.group.CoordinatorKind;
import io.camure.node.group.GroupAtCoordinator;
import io.camure.node.group.NodeContext;
import io.camure.node.round.RoundSettings;
import io.camure.protocol.base.Checks;
import io.camure.protocol.collective.CollectiveKind;
import io.camure.protocol.collective.CollectiveRound;
import io.camure.protocol.collective.CollectiveSettings;
import io.camure.protocol.collective.Reduction;
import io.camure.protocol.group.GroupKind;
import io.camure.protocol.group.ManagedGroup;
import io.camure.wire.NodeIdentity;
import java.util.function.Consumer;

/**
 * Collectives at the coordinator.
 *
 * @param collective what the values of the group are
 */
public record CoordinatorCollectives<T>(CollectiveConfig<T> collective)
        implements CoordinatorKind<CollectiveSettings, CollectiveRound, CollectiveAtCoordinator<T>> {

    public CoordinatorCollectives {
        Checks.given("config", collective);
    }

    @Override
    public GroupKind<CollectiveSettings, CollectiveRound, ?> kind() {
        return CollectiveKind.COLLECTIVE;
    }

    @Override
    public CollectiveSettings settings(GroupConfig config) {
        String codec = collective.codec().name();
        String reducer = collective.reducer().map(Reducer::name).orElse("");
        boolean builtIn = collective.reducer().flatMap(Reducer::operator).isEmpty();
        return new CollectiveSettings(
                RoundSettings.lossPolicy(config, "collective"),
                codec,
                reducer,
                builtIn ? Reduction.of(reducer, codec) : null,
                collective.action().isPresent(),
                collective.maximumValueBytes(),
                config.timeout().toNanos());
    }

    @Override
    public CollectiveAtCoordinator<T> atCoordinator(
            NodeContext coordinator,
            Consumer<GroupAtCoordinator> closing,
            ManagedGroup<CollectiveRound> group,
            GroupConfig config) {
        CollectiveRound round = group.work();
        round.setCoordinator(new NodeIdentity(
                coordinator.node().name(),
                coordinator.node().address(),
                coordinator.node().incarnation()));
        if (!config.coordinatorTakesPart()) {
            round.excuseCoordinator();
        }
        return new CollectiveAtCoordinator<>(coordinator, closing, group, config, collective);
    }
}
