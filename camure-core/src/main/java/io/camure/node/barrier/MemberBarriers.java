package io.camure.node.barrier;

import io.camure.Barrier;
import io.camure.node.group.GroupAtMember;
import io.camure.node.group.MemberKind;
import io.camure.node.group.NodeContext;
import io.camure.node.group.ResumedGroup;
import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.base.Checks;
import io.camure.protocol.group.GroupKind;
import io.camure.protocol.group.JoinedGroup;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Barriers at a member.
 *
 * @param awaitTimeout how long a caller waits in one that says nothing else
 */
public record MemberBarriers(Duration awaitTimeout) implements MemberKind<BarrierArrival, BarrierAtMember, Barrier> {

    public MemberBarriers {
        Checks.positive("awaitTimeout", awaitTimeout);
    }

    @Override
    public GroupKind<?, ?, BarrierArrival> kind() {
        return BarrierKind.BARRIER;
    }

    @Override
    public BarrierAtMember atMember(
            NodeContext member, Consumer<GroupAtMember> leaving, JoinedGroup<BarrierArrival> group) {
        return new BarrierAtMember(member, leaving, group, awaitTimeout);
    }

    @Override
    public Barrier joinedOnce(BarrierAtMember joined) {
        return joined;
    }

    @Override
    public Barrier resumed(ResumedGroup<BarrierAtMember> group) {
        return new ResumedBarrier(group);
    }
}
