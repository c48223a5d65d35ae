package io.camure.spring.group;

import io.camure.spring.barrier.BarrierKind;
import io.camure.spring.broadcast.BroadcastKind;
import io.camure.spring.collective.CollectiveKind;
import io.camure.spring.kind.GroupKind;

/** What a group does: the table of all kinds. */
public enum GroupType {
    /** A point that no node passes before all have arrived. */
    BARRIER(new BarrierKind()),
    /** Messages from the coordinator to all members. */
    BROADCAST(new BroadcastKind()),
    /** Rounds in which each node gives a value, and gets what all of them make together. */
    COLLECTIVE(new CollectiveKind());

    private final GroupKind kind;

    GroupType(GroupKind kind) {
        this.kind = kind;
    }

    /** What runs groups of this type. */
    public GroupKind kind() {
        return kind;
    }
}
