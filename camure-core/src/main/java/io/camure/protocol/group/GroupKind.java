package io.camure.protocol.group;

import io.camure.wire.Capability;
import io.camure.wire.ChunkType;
import io.camure.wire.GroupType;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A kind of group: what it is called on the wire, which chunks it takes, and what does its work at either side.
 *
 * @param <S> what the coordinator's application decides about a group of this kind
 * @param <C> the work at the coordinator
 * @param <M> the work at a member
 */
public interface GroupKind<S, C extends GroupWork, M extends MemberWork> {

    /** The type in GroupJoin. */
    GroupType type();

    /** What both sides need to have beside protocol 0.1; {@code null} for nothing. */
    default @Nullable Capability needed() {
        return null;
    }

    /**
     * The chunks that the coordinator's work takes from members, beside GroupAck, which every work is given. Each begins with
     * the group and a sequence number.
     */
    Set<ChunkType> fromMembers();

    /** The chunks that a member's work takes from the coordinator. Each begins with the group. */
    Set<ChunkType> fromCoordinator();

    /** @param random unpredictable in a real session */
    C createWork(GroupContext group, S settings, RandomGenerator random);

    /** @param membership the number of the member's membership */
    M createMemberWork(int membership, MemberLink link);
}
