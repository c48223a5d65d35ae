package io.camure.spring.barrier;

import io.camure.Barrier;
import io.camure.CoordinatorBarrier;
import io.camure.spring.kind.CoordinatorAdapter;
import io.camure.spring.kind.GroupContext;
import io.camure.spring.kind.GroupKind;
import io.camure.spring.kind.MemberAdapter;

/** Barriers: points that no node passes before all have arrived. */
public final class BarrierKind implements GroupKind {

    static final String NAME = "barrier";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<CoordinatorBarrier> coordinatorType() {
        return CoordinatorBarrier.class;
    }

    @Override
    public Class<Barrier> memberType() {
        return Barrier.class;
    }

    @Override
    public boolean takesPayloadType() {
        return false;
    }

    @Override
    public boolean hasRounds() {
        return true;
    }

    @Override
    public boolean canBeGate() {
        return true;
    }

    @Override
    public CoordinatorAdapter<?> atCoordinator(GroupContext group) {
        return new BarrierCoordinatorAdapter(group);
    }

    @Override
    public MemberAdapter<?> atMember(GroupContext group) {
        return new BarrierMemberAdapter(group);
    }
}
