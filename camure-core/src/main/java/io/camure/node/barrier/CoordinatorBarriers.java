package io.camure.node.barrier;

import io.camure.GroupConfig;
import io.camure.MemberLoss;
import io.camure.node.group.CoordinatorKind;
import io.camure.node.group.GroupAtCoordinator;
import io.camure.node.group.NodeContext;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.barrier.LossPolicy;
import io.camure.protocol.group.GroupKind;
import io.camure.protocol.group.ManagedGroup;
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
        GroupConfig defaults = GroupConfig.defaults();
        if (config.slowMember() != defaults.slowMember()
                || !config.slowMemberPatience().equals(defaults.slowMemberPatience())) {
            throw new IllegalArgumentException(
                    "slowMember or slowMemberPatience is set, but the group is a barrier, at which"
                            + " nobody is slow: leave them out, or create a broadcast");
        }
        return config.onMemberLoss() == MemberLoss.BREAK ? LossPolicy.BREAK : LossPolicy.CONTINUE;
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
