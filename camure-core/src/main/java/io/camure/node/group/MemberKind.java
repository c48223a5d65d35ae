package io.camure.node.group;

import io.camure.Group;
import io.camure.protocol.group.MemberWork;

/**
 * A kind of group at a member: how it is joined, and what users get of it.
 *
 * @param <W> its work in the protocol
 * @param <G> a membership of one session
 * @param <U> what users get, whether the member joins again or not
 */
public interface MemberKind<W extends MemberWork, G extends GroupAtMember, U extends Group> extends GroupJoin<W, G> {

    /** Of a member that stays out of what it has lost. */
    U joinedOnce(G joined);

    /** Of a member that joins again. */
    U resumed(ResumedGroup<G> group);
}
