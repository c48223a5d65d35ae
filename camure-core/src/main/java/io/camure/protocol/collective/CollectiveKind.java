package io.camure.protocol.collective;

import io.camure.protocol.base.Nonces;
import io.camure.protocol.group.GroupContext;
import io.camure.protocol.group.GroupKind;
import io.camure.protocol.group.MemberLink;
import io.camure.wire.Capability;
import io.camure.wire.ChunkType;
import io.camure.wire.GroupType;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Collectives: the coordinator and all members give values, and get what becomes of them, round after round. */
public final class CollectiveKind implements GroupKind<CollectiveSettings, CollectiveRound, CollectiveArrival> {

    public static final CollectiveKind COLLECTIVE = new CollectiveKind();

    private static final Set<ChunkType> FROM_MEMBERS =
            Set.of(ChunkType.COLLECTIVE_REACHED, ChunkType.UPLINK, ChunkType.UPLINK_QUERY, ChunkType.BROADCAST_STATUS);
    private static final Set<ChunkType> FROM_COORDINATOR = Set.of(
            ChunkType.GROUP_ACK,
            ChunkType.COLLECTIVE_RELEASED,
            ChunkType.COLLECTIVE_BROKEN,
            ChunkType.COLLECTIVE_ROSTER,
            ChunkType.BROADCAST_FIRST_FRAGMENT,
            ChunkType.BROADCAST_FRAGMENT,
            ChunkType.BROADCAST_FINAL_FRAGMENT,
            ChunkType.BROADCAST_QUERY,
            ChunkType.BROADCAST_PIECE,
            ChunkType.BROADCAST_STATUS);

    private CollectiveKind() {}

    @Override
    public GroupType type() {
        return GroupType.COLLECTIVE;
    }

    @Override
    public Capability needed() {
        return Capability.COLLECTIVES;
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
    public CollectiveRound createWork(GroupContext group, CollectiveSettings settings, RandomGenerator random) {
        return new CollectiveRound(group, settings, Nonces.random(random), Nonces.random(random));
    }

    @Override
    public CollectiveArrival createMemberWork(int membership, MemberLink link) {
        return new CollectiveArrival(membership, link);
    }
}
