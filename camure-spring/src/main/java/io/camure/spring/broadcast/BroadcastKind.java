package io.camure.spring.broadcast;

import io.camure.BroadcastGroup;
import io.camure.BroadcastReceiver;
import io.camure.spring.kind.CoordinatorAdapter;
import io.camure.spring.kind.GroupContext;
import io.camure.spring.kind.GroupKind;
import io.camure.spring.kind.MemberAdapter;

/** Broadcasts: messages from the coordinator to all members. */
public final class BroadcastKind implements GroupKind {

    /** Whether a group of a kind has messages that listeners can take. */
    public static boolean is(GroupKind kind) {
        return kind instanceof BroadcastKind;
    }

    @Override
    public String name() {
        return "broadcast";
    }

    @Override
    public Class<BroadcastGroup> coordinatorType() {
        return BroadcastGroup.class;
    }

    @Override
    public Class<BroadcastReceiver> memberType() {
        return BroadcastReceiver.class;
    }

    @Override
    public boolean takesPayloadType() {
        return true;
    }

    @Override
    public boolean hasRounds() {
        return false;
    }

    @Override
    public boolean canBeGate() {
        return false;
    }

    @Override
    public CoordinatorAdapter<?> atCoordinator(GroupContext group) {
        return new BroadcastCoordinatorAdapter(group);
    }

    @Override
    public MemberAdapter<?> atMember(GroupContext group) {
        return new BroadcastMemberAdapter(group);
    }
}
