package io.camure.node.group;

import io.camure.protocol.group.GroupKind;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.MemberWork;
import java.util.function.Consumer;

/**
 * How a member joins a group in one session; the same in each session when it joins again.
 *
 * @param <W> the work of the group in the protocol
 * @param <G> the membership
 */
public interface GroupJoin<W extends MemberWork, G extends GroupAtMember> {

    GroupKind<?, ?, W> kind();

    /** @param leaving has the group left, and returns when that is done or takes too long */
    G atMember(NodeContext member, Consumer<GroupAtMember> leaving, JoinedGroup<W> group);
}
