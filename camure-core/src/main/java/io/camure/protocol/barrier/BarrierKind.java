package io.camure.protocol.barrier;

import io.camure.protocol.base.Nonces;
import io.camure.protocol.group.GroupContext;
import io.camure.protocol.group.GroupKind;
import io.camure.protocol.group.MemberLink;
import io.camure.protocol.round.LossPolicy;
import io.camure.wire.ChunkType;
import io.camure.wire.GroupType;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Barriers: the coordinator and all members wait for each other, round after round. */
public final class BarrierKind implements GroupKind<LossPolicy, BarrierRound, BarrierArrival> {

    public static final BarrierKind BARRIER = new BarrierKind();

    private static final Set<ChunkType> FROM_MEMBERS = Set.of(ChunkType.BARRIER_REACHED);
    private static final Set<ChunkType> FROM_COORDINATOR =
            Set.of(ChunkType.GROUP_ACK, ChunkType.BARRIER_RELEASED, ChunkType.BARRIER_BROKEN);

    private BarrierKind() {}

    @Override
    public GroupType type() {
        return GroupType.BARRIER;
    }

    @Override
    public Set<ChunkType> fromMembers() {
        return FROM_MEMBERS;
    }

    @Override
    public Set<ChunkType> fromCoordinator() {
        return FROM_COORDINATOR;
    }

    @Override
    public BarrierRound createWork(GroupContext group, LossPolicy lossPolicy, RandomGenerator random) {
        return new BarrierRound(group, lossPolicy, Nonces.random(random));
    }

    @Override
    public BarrierArrival createMemberWork(int membership, MemberLink link) {
        return new BarrierArrival(membership, link);
    }
}
