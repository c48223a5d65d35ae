package io.camure.node.broadcast;

import io.camure.GroupConfig;
import io.camure.SlowMember;
import io.camure.node.group.CoordinatorKind;
import io.camure.node.group.GroupAtCoordinator;
import io.camure.node.group.NodeContext;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.GroupKind;
import io.camure.protocol.group.ManagedGroup;
import java.util.function.Consumer;

/** Broadcasts at the coordinator. */
public final class CoordinatorBroadcasts
        implements CoordinatorKind<SlowMemberPolicy, BroadcastSending, BroadcastAtCoordinator> {

    public static final CoordinatorBroadcasts BROADCASTS = new CoordinatorBroadcasts();

    private CoordinatorBroadcasts() {}

    @Override
    public GroupKind<SlowMemberPolicy, BroadcastSending, ?> kind() {
        return BroadcastKind.BROADCAST;
    }

    @Override
    public SlowMemberPolicy settings(GroupConfig config) {
        if (config.onMemberLoss() != GroupConfig.defaults().onMemberLoss()) {
            throw new IllegalArgumentException("onMemberLoss is " + config.onMemberLoss()
                    + ", but the group is a broadcast, which has no rounds: leave it out, or create a barrier");
        }
        return new SlowMemberPolicy(config.slowMemberPatience().toNanos(), config.slowMember() == SlowMember.EVICT);
    }

    @Override
    public BroadcastAtCoordinator atCoordinator(
            NodeContext coordinator,
            Consumer<GroupAtCoordinator> closing,
            ManagedGroup<BroadcastSending> group,
            GroupConfig config) {
        return new BroadcastAtCoordinator(coordinator, closing, group, config);
    }
}
