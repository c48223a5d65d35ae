package io.camure.protocol.session;

import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.collective.CollectiveKind;
import io.camure.protocol.group.GroupKind;
import io.camure.wire.ChunkType;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The table of the kinds of groups that sessions have. A new kind is a package beside the others and a row here. */
final class GroupKinds {

    private static final List<GroupKind<?, ?, ?>> KINDS = List.of(
            BarrierKind.BARRIER, //
            BroadcastKind.BROADCAST,
            CollectiveKind.COLLECTIVE);

    /** What a coordinator hands on to groups. */
    static final EnumSet<ChunkType> FROM_MEMBERS =
            chunks(GroupKind::fromMembers, ChunkType.GROUP_ACK, ChunkType.GROUP_LEAVE);

    /** What a member hands on to groups. */
    static final EnumSet<ChunkType> FROM_COORDINATOR = chunks(
            GroupKind::fromCoordinator,
            ChunkType.GROUP_WELCOME,
            ChunkType.GROUP_ACK,
            ChunkType.GROUP_DISCONNECTED,
            ChunkType.GROUP_PENDING);

    private GroupKinds() {}

    /** Chunks of a kind that has no row would go nowhere. */
    static void check(GroupKind<?, ?, ?> kind) {
        if (!KINDS.contains(kind)) {
            throw new IllegalArgumentException("the table of kinds has no row for groups of type " + kind.type());
        }
    }

    private static EnumSet<ChunkType> chunks(
            Function<GroupKind<?, ?, ?>, Set<ChunkType>> ofKind, ChunkType... ofAllKinds) {
        EnumSet<ChunkType> chunks = EnumSet.copyOf(Arrays.asList(ofAllKinds));
        KINDS.forEach(kind -> chunks.addAll(ofKind.apply(kind)));
        return chunks;
    }
}
