package io.camure.protocol.broadcast;

import io.camure.protocol.base.Nonces;
import io.camure.protocol.group.GroupContext;
import io.camure.protocol.group.GroupKind;
import io.camure.protocol.group.MemberLink;
import io.camure.wire.ChunkType;
import io.camure.wire.GroupType;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Broadcasts: the coordinator sends messages to all members, in order. */
public final class BroadcastKind implements GroupKind<SlowMemberPolicy, BroadcastSending, BroadcastReceiving> {

    public static final BroadcastKind BROADCAST = new BroadcastKind();

    private static final int FIRST_SEQUENCES = 1 << 16;

    private static final Set<ChunkType> FROM_MEMBERS = Set.of(ChunkType.BROADCAST_STATUS);
    private static final Set<ChunkType> FROM_COORDINATOR = Set.of(
            ChunkType.BROADCAST_MESSAGE,
            ChunkType.BROADCAST_FIRST_FRAGMENT,
            ChunkType.BROADCAST_FRAGMENT,
            ChunkType.BROADCAST_FINAL_FRAGMENT,
            ChunkType.BROADCAST_BUNDLE,
            ChunkType.BROADCAST_MESSAGE_WITH_HEADERS,
            ChunkType.BROADCAST_FIRST_FRAGMENT_WITH_HEADERS,
            ChunkType.BROADCAST_QUERY,
            ChunkType.BROADCAST_PIECE);

    private BroadcastKind() {}

    @Override
    public GroupType type() {
        return GroupType.BROADCAST;
    }

    @Override
    public Set<ChunkType> fromMembers() {
        return FROM_MEMBERS;
    }

    @Override
    public Set<ChunkType> fromCoordinator() {
        return FROM_COORDINATOR;
    }

    /**
     * The first sequence number is random, as that of a TCP connection (RFC 6528): a member of an earlier session on the
     * same addresses then finds the chunks of this one outside its window.
     */
    @Override
    public BroadcastSending createWork(GroupContext group, SlowMemberPolicy slowMemberPolicy, RandomGenerator random) {
        return new BroadcastSending(group, slowMemberPolicy, random.nextInt(FIRST_SEQUENCES), Nonces.random(random));
    }

    @Override
    public BroadcastReceiving createMemberWork(int membership, MemberLink link) {
        return new BroadcastReceiving(membership, link);
    }
}
