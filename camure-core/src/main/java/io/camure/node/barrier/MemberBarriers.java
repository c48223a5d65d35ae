package io.camure.node.barrier;

import io.camure.Barrier;
import io.camure.RoundTracing;
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
import org.jspecify.annotations.Nullable;

/**
 * Barriers at a member.
 *
 * @param awaitTimeout how long a caller waits in one that says nothing else
 * @param tracing has rounds show in traces; {@code null} when nothing does
 */
public record MemberBarriers(
        Duration awaitTimeout, @Nullable RoundTracing tracing)
        implements MemberKind<BarrierArrival, BarrierAtMember, Barrier> {

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
        return new BarrierAtMember(member, leaving, group, awaitTimeout, tracing);
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
