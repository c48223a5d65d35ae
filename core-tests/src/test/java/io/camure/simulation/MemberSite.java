package io.camure.simulation;

import io.camure.Member;
import io.camure.MembershipConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** A {@link Site} that is a member. */
final class MemberSite extends Site {

    static final String JOINED_BY_NAME = "groups that members join by their names alone";
    static final String JOINED_BY_ID = "groups that members join by their ids";

    private final Map<Integer, Integer> losses = new HashMap<>();

    /** When the member was first seen to be in another session, by its incarnation in the one before. */
    private final Map<Long, Long> lostNanos = new HashMap<>();

    private Member member;

    MemberSite(World world, SeededProcess process, SimulatedHost host, SplittableRandom random) {
        super(world, process, host, random);
    }

    void joined(Member joined) {
        member = joined;
    }

    /** What a member joins by its id, by its name or by both. */
    MembershipConfig.Builder membership(int id, String name) {
        MembershipConfig.Builder membership = MembershipConfig.builder();
        int how = random().nextInt(3);
        if (how != 0) {
            membership.name(name);
        }
        if (how != 1) {
            membership.id(id);
        }
        world().counts().count(how == 1 ? JOINED_BY_NAME : JOINED_BY_ID);
        return membership;
    }

    /** The member once it has joined, or {@code null}. */
    Member member() {
        return member;
    }

    @Override
    long incarnation() {
        return member.incarnation();
    }

    @Override
    long sessionLostNanos(long incarnationThen) {
        return member.incarnation() == incarnationThen
                ? Long.MAX_VALUE
                : lostNanos.computeIfAbsent(incarnationThen, lost -> world().nowNanos());
    }

    void onLoss(int group) {
        losses.merge(group, 1, Integer::sum);
    }

    /** How often it was told that it has lost a group. */
    int losses(int group) {
        return losses.getOrDefault(group, 0);
    }

    /** Which incarnation of the coordinator it knows, or 0. */
    long coordinatorIncarnation() {
        return member.coordinatorIncarnation().orElse(0);
    }
}
