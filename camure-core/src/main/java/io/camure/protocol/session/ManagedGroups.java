package io.camure.protocol.session;

import io.camure.protocol.base.Departure;
import io.camure.protocol.base.IdTable;
import io.camure.protocol.group.Admission;
import io.camure.protocol.group.GroupKind;
import io.camure.protocol.group.GroupLabel;
import io.camure.protocol.group.GroupLink;
import io.camure.protocol.group.GroupWork;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.group.Peer;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The groups of a coordinator: those that there are, and those whose members have yet to hear that they are closed. */
final class ManagedGroups {

    private static final int GROUP_IDS = 1 << 16;

    private final GroupLink link;
    private final RandomGenerator random;
    private final IdTable<ManagedGroup<?>> groups = new IdTable<>();

    /** Groups that were closed and forgotten while not all of their members knew. */
    private final List<ManagedGroup<?>> closings = new ArrayList<>();

    ManagedGroups(GroupLink link, RandomGenerator random) {
        this.link = link;
        this.random = random;
    }

    @Nullable
    ManagedGroup<?> find(int id) {
        return groups.find(id);
    }

    /** @param name not empty */
    @Nullable
    ManagedGroup<?> find(String name) {
        List<ManagedGroup<?>> all = groups.all();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).label().name().equals(name)) {
                return all.get(i);
            }
        }
        return null;
    }

    /** In the order in which they were created. */
    List<ManagedGroup<?>> all() {
        return groups.all();
    }

    /** The lowest id that no group has, or -1 when all 65536 are in use. */
    int firstFreeId() {
        for (int id = 0; id < GROUP_IDS; id++) {
            if (groups.find(id) == null) {
                return id;
            }
        }
        return -1;
    }

    <S, W extends GroupWork> ManagedGroup<W> create(
            GroupKind<S, W, ?> kind, GroupLabel label, Admission admission, S settings) {
        GroupKinds.check(kind);
        if (groups.find(label.id()) != null) {
            throw new IllegalStateException("group " + label.id() + " exists");
        }
        ManagedGroup<W> group = new ManagedGroup<>(kind, label, drawEpoch(), admission, settings, link, random);
        groups.put(label.id(), group);
        return group;
    }

    /**
     * Each group has an epoch of its own, so that a late chunk of an earlier group with its id is not taken for its own. It is
     * random, so that only who is in the group knows it. 0 means none.
     */
    private int drawEpoch() {
        int epoch;
        do {
            epoch = random.nextInt();
        } while (epoch == 0);
        return epoch;
    }

    /** Forgets a group that was closed; who does not know of the end yet is still told. */
    void remove(ManagedGroup<?> group) {
        if (groups.find(group.id()) == group) {
            groups.remove(group.id());
            if (!group.isCloseConfirmed()) {
                closings.add(group);
            }
        }
    }

    /** A node that has left the membership with this number knows that the groups which had this id are closed. */
    void confirmCloses(InetSocketAddress source, int id, int membership) {
        for (int i = closings.size() - 1; i >= 0; i--) {
            ManagedGroup<?> closing = closings.get(i);
            if (closing.id() == id) {
                closing.onCloseConfirmed(source, membership);
            }
            if (closing.isCloseConfirmed()) {
                closings.remove(i);
            }
        }
    }

    /** A node has shown that it lives. */
    void onSpoken(Peer peer, long nowNanos) {
        groups.all().forEach(group -> group.onSpoken(peer, nowNanos));
    }

    /** Ends the memberships of a node that is not in the session any more. */
    void forget(Peer peer, Departure departure, @Nullable String reason, long nowNanos) {
        groups.all().forEach(group -> group.onPeerGone(peer, departure, reason, nowNanos));
        closings.forEach(group -> group.onPeerGone(peer, departure, reason, nowNanos));
        closings.removeIf(ManagedGroup::isCloseConfirmed);
        link.outbox().codec().onLeft(peer.address(), nowNanos);
    }

    /** A node is reached otherwise than before. */
    void onReachChanged(long nowNanos) {
        groups.all().forEach(group -> group.onReachChanged(nowNanos));
    }

    void onDeadline(long nowNanos) {
        List<ManagedGroup<?>> all = groups.all();
        for (int i = 0; i < all.size(); i++) {
            all.get(i).onDeadline(nowNanos);
        }
        for (int i = 0; i < closings.size(); i++) {
            closings.get(i).onDeadline(nowNanos);
        }
    }

    long nextDeadlineNanos(long atMost) {
        long next = atMost;
        List<ManagedGroup<?>> all = groups.all();
        for (int i = 0; i < all.size(); i++) {
            next = Math.min(next, all.get(i).nextDeadlineNanos());
        }
        for (int i = 0; i < closings.size(); i++) {
            next = Math.min(next, closings.get(i).nextDeadlineNanos());
        }
        return next;
    }
}
