package io.camure.protocol.session;

import io.camure.protocol.base.Disconnection;
import io.camure.protocol.base.IdTable;
import io.camure.protocol.group.GroupKind;
import io.camure.protocol.group.GroupLabel;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.MemberLink;
import io.camure.protocol.group.MemberWork;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The groups that a member has asked to join, those that it has left included. */
final class JoinedGroups {

    /** Behind the ids that groups can have: where those are whose id the coordinator has yet to tell. */
    private static final int FIRST_PLACE = 1 << 16;

    private final IdTable<JoinedGroup<?>> groups = new IdTable<>();

    /** Behind the last place that such a group has had. */
    private int placesEnd = FIRST_PLACE;

    /** @return the group that the chunk is for, if there is one */
    @Nullable
    JoinedGroup<?> onChunk(ChunkReader chunk, long nowNanos) {
        JoinedGroup<?> group = find(chunk);
        if (group == null) {
            return null;
        }
        group.onChunk(chunk, nowNanos);
        if (group.isUnresolved() && group.state() == JoinedGroup.State.JOINING && chunk.tellsId()) {
            onResolved(group, chunk.group(), nowNanos);
        }
        return group;
    }

    /** The group that a chunk is for, if there is one. */
    @Nullable
    JoinedGroup<?> find(ChunkReader chunk) {
        JoinedGroup<?> group = groups.find(chunk.group());
        boolean mayAnswerName = chunk.type() == ChunkType.GROUP_PENDING;
        return mayAnswerName && (group == null || group.membership() != chunk.membership())
                ? unresolved(chunk.membership(), group)
                : group;
    }

    private @Nullable JoinedGroup<?> unresolved(int membership, @Nullable JoinedGroup<?> otherwise) {
        List<JoinedGroup<?>> all = groups.all();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).isUnresolved() && all.get(i).membership() == membership) {
                return all.get(i);
            }
        }
        return otherwise;
    }

    /** The coordinator has told the id of a group that was asked for by its name. */
    private void onResolved(JoinedGroup<?> group, int id, long nowNanos) {
        JoinedGroup<?> other = groups.find(id);
        if (other != null && isIn(other)) {
            group.end(new Disconnection(
                    Disconnection.Cause.GROUP_IN_USE,
                    "it is the group with the id " + id + ", which this node has joined as " + other.describe()));
            return;
        }
        if (other != null) {
            // The new membership ends the one before, if the coordinator does not know yet that this one is over.
            other.end(new Disconnection(Disconnection.Cause.LEFT, "left the group"));
        }
        remove(group);
        groups.put(id, group);
        group.onResolved(id, nowNanos);
    }

    private static boolean isIn(JoinedGroup<?> group) {
        return group.state() == JoinedGroup.State.JOINING || group.state() == JoinedGroup.State.JOINED;
    }

    /** The group, unless this member is out of it. */
    @Nullable
    JoinedGroup<?> find(GroupLabel label) {
        List<JoinedGroup<?>> all = groups.all();
        for (int i = 0; i < all.size(); i++) {
            JoinedGroup<?> group = all.get(i);
            boolean same = label.hasId()
                    ? group.id() == label.id()
                    : group.label().name().equals(label.name());
            if (same && group.state() != JoinedGroup.State.OUT) {
                return group;
            }
        }
        return null;
    }

    /** Asks to be admitted to a group that this member is not in. */
    <W extends MemberWork> JoinedGroup<W> join(
            GroupKind<?, ?, W> kind, GroupLabel label, MemberLink link, long nowNanos) {
        if (find(label) != null) {
            throw new IllegalStateException("this member is in group " + label + ", or has not left it yet");
        }
        JoinedGroup<W> group = new JoinedGroup<>(kind, label, link);
        add(group);
        group.join(nowNanos);
        return group;
    }

    private void add(JoinedGroup<?> group) {
        int place = group.id();
        if (group.isUnresolved()) {
            place = FIRST_PLACE;
            while (groups.find(place) != null) {
                place++;
            }
            placesEnd = Math.max(placesEnd, place + 1);
        }
        groups.put(place, group);
    }

    void remove(JoinedGroup<?> group) {
        if (!group.isUnresolved()) {
            if (groups.find(group.id()) == group) {
                groups.remove(group.id());
            }
            return;
        }
        for (int place = FIRST_PLACE; place < placesEnd; place++) {
            if (groups.find(place) == group) {
                groups.remove(place);
                return;
            }
        }
    }

    void onDeadline(long nowNanos) {
        List<JoinedGroup<?>> all = groups.all();
        for (int i = 0; i < all.size(); i++) {
            all.get(i).onDeadline(nowNanos);
        }
    }

    long nextDeadlineNanos(long atMost) {
        long next = atMost;
        List<JoinedGroup<?>> all = groups.all();
        for (int i = 0; i < all.size(); i++) {
            next = Math.min(next, all.get(i).nextDeadlineNanos());
        }
        return next;
    }

    /** For a loop by index, which needs no iterator. */
    List<JoinedGroup<?>> all() {
        return groups.all();
    }
}
