package io.camure.node.barrier;

import io.camure.GroupConfig;
import io.camure.node.group.CoordinatorKind;
import io.camure.node.group.GroupAtCoordinator;
import io.camure.node.group.NodeContext;
import io.camure.node.round.RoundSettings;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.group.GroupKind;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.round.LossPolicy;
import java.util.function.Consumer;

/** Barriers at the coordinator. */
public final class CoordinatorBarriers implements CoordinatorKind<LossPolicy, BarrierRound, BarrierAtCoordinator> {

    public static final CoordinatorBarriers BARRIERS = new CoordinatorBarriers();

    private CoordinatorBarriers() {}

    @Override
    public GroupKind<LossPolicy, BarrierRound, ?> kind() {
        return BarrierKind.BARRIER;
    }

    @Override
    public LossPolicy settings(GroupConfig config) {
        return RoundSettings.lossPolicy(config, "barrier");
    }

    @Override
    public BarrierAtCoordinator atCoordinator(
            NodeContext coordinator,
            Consumer<GroupAtCoordinator> closing,
            ManagedGroup<BarrierRound> group,
            GroupConfig config) {
        if (!config.coordinatorTakesPart()) {
            group.work().excuseCoordinator();
        }
        return new BarrierAtCoordinator(coordinator, closing, group, config);
    }
}
