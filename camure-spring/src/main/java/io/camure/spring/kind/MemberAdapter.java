package io.camure.spring.kind;

import io.camure.Group;
import io.camure.Member;
import java.time.Duration;
import java.util.Optional;

/**
 * A group at a member.
 *
 * @param <G> what the core has for it, and what its bean is
 */
public abstract non-sealed class MemberAdapter<G extends Group> extends GroupAdapter<G> {

    protected MemberAdapter(Class<G> type, GroupContext group) {
        super(type, group);
    }

    /**
     * Joins it in a session.
     *
     * @param timeout how long the coordinator has to admit this node
     */
    public abstract G join(Member member, Duration timeout) throws InterruptedException;

    @Override
    final GroupState state(G open) {
        return GroupState.OPEN;
    }

    @Override
    public final Optional<Duration> roundTrip() {
        return group().session().member().flatMap(Member::roundTrip);
    }
}
