package io.camure.node.collective;

import io.camure.Collective;
import io.camure.CollectiveConfig;
import io.camure.RoundTracing;
import io.camure.node.group.GroupAtMember;
import io.camure.node.group.MemberKind;
import io.camure.node.group.NodeContext;
import io.camure.node.group.ResumedGroup;
import io.camure.protocol.base.Checks;
import io.camure.protocol.collective.CollectiveArrival;
import io.camure.protocol.collective.CollectiveKind;
import io.camure.protocol.group.GroupKind;
import io.camure.protocol.group.JoinedGroup;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Collectives at a member.
 *
 * @param collective what the values of the group are
 * @param timeout how long a caller waits in one that says nothing else
 * @param tracing has rounds show in traces; {@code null} when nothing does
 */
public record MemberCollectives<T>(
        CollectiveConfig<T> collective,
        Duration timeout,
        @Nullable RoundTracing tracing) implements MemberKind<CollectiveArrival, CollectiveAtMember<T>, Collective<T>> {

    public MemberCollectives {
        Checks.given("config", collective);
    }

    @Override
    public GroupKind<?, ?, CollectiveArrival> kind() {
        return CollectiveKind.COLLECTIVE;
    }

    @Override
    public CollectiveAtMember<T> atMember(
            NodeContext member, Consumer<GroupAtMember> leaving, JoinedGroup<CollectiveArrival> group) {
        return new CollectiveAtMember<>(member, leaving, group, collective, timeout, tracing);
    }

    @Override
    public Collective<T> joinedOnce(CollectiveAtMember<T> joined) {
        return joined;
    }

    @Override
    public Collective<T> resumed(ResumedGroup<CollectiveAtMember<T>> group) {
        return new ResumedCollective<>(group, new Values<>(collective));
    }
}
