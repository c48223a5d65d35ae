package io.camure.protocol.session;

import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.MemberLink;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.DropReason;
import org.jspecify.annotations.Nullable;

/**
 * Whether what comes from the coordinator's address was said by it, to this incarnation of this member: an address is easily
 * forged, but who sees no traffic does not know what the two have called each other.
 *
 * <p>A coordinator that can tell all that does, always; so what does not tell it is from somebody else.
 */
final class Recognition {

    private final MemberLink link;
    private final JoinedGroups groups;
    private final CoordinatorProbes probes;

    Recognition(MemberLink link, JoinedGroups groups, CoordinatorProbes probes) {
        this.link = link;
        this.groups = groups;
        this.probes = probes;
    }

    /** Why a chunk is not believed, or {@code null} when it is, as far as can be seen without knowing its group. */
    @Nullable
    DropReason doubt(ChunkReader chunk) {
        return switch (chunk.type()) {
            case SESSION_WELCOME, SESSION_REFUSED ->
                link.isForAnotherNode(chunk.extension()) ? DropReason.EARLIER_INCARNATION : null;
            case GROUP_WELCOME, GROUP_ACK, GROUP_DISCONNECTED, GROUP_PENDING ->
                unless(chunk.membership() != 0, Capability.HARDENED);
            case BARRIER_RELEASED, BARRIER_BROKEN, BROADCAST_QUERY -> unless(chunk.epoch() >= 0, Capability.HARDENED);
            case MULTICAST_PROBE, PATH_PROBE -> unless(probes.include(chunk), Capability.HARDENED);
            // With others in a group, data goes out as they understand it.
            default -> unless(!chunk.type().isBroadcast() || chunk.epoch() >= 0, Capability.HARDENED_ONLY);
        };
    }

    /** A doubt, unless a chunk tells what it has to from a coordinator with this capability. */
    private @Nullable DropReason unless(boolean identified, Capability capability) {
        return identified || !link.can(capability) ? null : DropReason.UNIDENTIFIED;
    }

    /** Whether a chunk that is not in doubt shows that the coordinator lives: it knows this node, or a group that it is in. */
    boolean provesLife(ChunkReader chunk) {
        if (!link.can(Capability.HARDENED)) {
            return true;
        }
        if (!GroupKinds.FROM_COORDINATOR.contains(chunk.type())) {
            return chunk.type() == ChunkType.SESSION_WELCOME;
        }
        JoinedGroup<?> group = groups.find(chunk);
        return group != null && group.recognizes(chunk);
    }
}
