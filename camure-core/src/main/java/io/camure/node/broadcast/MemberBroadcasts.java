package io.camure.node.broadcast;

import io.camure.BroadcastReceiver;
import io.camure.node.group.GroupAtMember;
import io.camure.node.group.MemberKind;
import io.camure.node.group.NodeContext;
import io.camure.node.group.ResumedGroup;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.group.GroupKind;
import io.camure.protocol.group.JoinedGroup;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Broadcasts at a member.
 *
 * @param messageTimeout how long a reader waits for the next part of a message
 * @param maximumMessageSize the longest message that is read whole, in bytes
 */
public record MemberBroadcasts(Duration messageTimeout, int maximumMessageSize)
        implements MemberKind<BroadcastReceiving, BroadcastAtMember, BroadcastReceiver> {

    @Override
    public GroupKind<?, ?, BroadcastReceiving> kind() {
        return BroadcastKind.BROADCAST;
    }

    @Override
    public BroadcastAtMember atMember(
            NodeContext member, Consumer<GroupAtMember> leaving, JoinedGroup<BroadcastReceiving> group) {
        return new BroadcastAtMember(member, leaving, group, messageTimeout, maximumMessageSize);
    }

    @Override
    public BroadcastReceiver joinedOnce(BroadcastAtMember joined) {
        return joined;
    }

    @Override
    public BroadcastReceiver resumed(ResumedGroup<BroadcastAtMember> group) {
        return new ResumedReceiver(group);
    }
}
