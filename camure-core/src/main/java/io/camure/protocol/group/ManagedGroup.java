package io.camure.protocol.group;

import static java.util.concurrent.TimeUnit.MINUTES;

import io.camure.protocol.base.Departure;
import io.camure.protocol.base.SessionEvent;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.DropReason;
import io.camure.wire.GroupType;
import io.camure.wire.NodeIdentity;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A group at its coordinator, from being created until everybody knows that it is closed.
 *
 * @param <W> the work that is done in it, by its {@link GroupKind}
 */
public final class ManagedGroup<W extends GroupWork> {

    /** A node that is refused may try for ever. */
    private static final long NOTICE_NANOS = MINUTES.toNanos(1);

    private final GroupLabel label;
    private final GroupType type;
    private final @Nullable Capability needed;
    private final GroupLink link;
    private final Attendance<W> attendance;
    private final Roster roster;
    private final W work;
    private final ClosingHandshake closing;
    private final GroupDispatch dispatch;
    private boolean closed;

    /** When it may be told again that a node was refused. */
    private long nextNoticeNanos;

    private boolean refusedAny;

    /**
     * @param label has an id
     * @param epoch tells this group from others with its id
     * @param workSettings what the application decides about the work
     */
    public <S> ManagedGroup(
            GroupKind<S, W, ?> kind,
            GroupLabel label,
            int epoch,
            Admission admission,
            S workSettings,
            GroupLink link,
            RandomGenerator random) {
        this.label = label;
        this.link = link;
        type = kind.type();
        needed = kind.needed();
        attendance = new Attendance<>(kind, label.id(), epoch, admission, workSettings, link, random);
        roster = attendance.roster();
        work = attendance.work();
        closing = new ClosingHandshake(roster, link.settings().legacyLingerNanos());
        EnumSet<ChunkType> ofWork = EnumSet.copyOf(kind.fromMembers());
        dispatch = new GroupDispatch(attendance, closing, ofWork, link.counters());
    }

    /**
     * @param name what the node calls the group; empty when it does not say
     * @param number what it calls the membership that it wants, or 0 from a legacy peer
     */
    public void onJoin(Peer peer, GroupType wanted, String name, int number, long nowNanos) {
        if (wanted != type) {
            refuse(
                    peer,
                    number,
                    DropReason.WRONG_GROUP_TYPE,
                    DisconnectReason.WRONG_GROUP_TYPE,
                    "it takes it for a " + wanted.name().toLowerCase(Locale.ROOT),
                    nowNanos);
            return;
        }
        if (needed != null && !peer.can(needed)) {
            String why = "it does not know groups of the type " + type.name().toLowerCase(Locale.ROOT);
            refuse(peer, number, DropReason.WRONG_GROUP_TYPE, DisconnectReason.WRONG_GROUP_TYPE, why, nowNanos);
            return;
        }
        if (!name.isEmpty() && label.hasName() && !name.equals(label.name())) {
            String why = "it calls the group with the id " + id() + " " + name;
            refuse(peer, number, DropReason.WRONG_GROUP_NAME, DisconnectReason.otherName(label.name()), why, nowNanos);
            return;
        }
        if (closed) {
            // Late, of a legacy peer that is given time to leave.
            if (!closing.isLingering(peer.address())) {
                roster.answer(peer.address(), number, DisconnectReason.CLOSED, nowNanos);
            }
            return;
        }
        Membership known = roster.find(peer);
        if (known != null && known.isFollowedBy(number)) {
            // Its goodbye was lost, or is late.
            attendance.remove(known, Departure.LEFT, null, nowNanos);
        } else if (known != null && roster.hasLostItsPlace(known, nowNanos)) {
            attendance.remove(known, Departure.LOST, DisconnectReason.DUPLICATE_JOIN, nowNanos);
            return;
        }
        roster.onJoin(peer, number, nowNanos);
        admitWaiting(nowNanos);
        attendance.explainWaiting(peer);
    }

    private void refuse(Peer peer, int number, DropReason dropped, String told, String why, long nowNanos) {
        roster.refuse(peer.address(), number, dropped, told, nowNanos);
        if (!refusedAny || nowNanos - nextNoticeNanos >= 0) {
            refusedAny = true;
            nextNoticeNanos = nowNanos + NOTICE_NANOS;
            link.outbox().tell(new SessionEvent.GroupJoinRefused(id(), peer.identity(), why));
        }
    }

    private void admitWaiting(long nowNanos) {
        attendance.requestAdmission();
        attendance.settle(nowNanos);
    }

    /** @param peer the node at {@code source}, or {@code null} if it is not in the session */
    public void onChunk(InetSocketAddress source, @Nullable Peer peer, ChunkReader chunk, long nowNanos) {
        dispatch.onChunk(source, peer, chunk, nowNanos);
    }

    /**
     * Removes a node that is no longer in the session.
     *
     * @param reason what it is told, or {@code null} for nothing
     */
    public void onPeerGone(Peer peer, Departure departure, @Nullable String reason, long nowNanos) {
        Membership membership = roster.find(peer);
        if (membership != null) {
            attendance.remove(membership, departure, reason, nowNanos);
        }
        roster.forget(peer.address());
        closing.forget(peer.address());
    }

    /** A node has shown in the session that it lives. */
    public void onSpoken(Peer peer, long nowNanos) {
        Membership membership = roster.find(peer);
        if (membership != null) {
            attendance.onSpoken(membership, nowNanos);
        }
    }

    /** A node hears group traffic from now on, or does not any more, or other datagrams get to it. */
    public void onReachChanged(long nowNanos) {
        if (!closed) {
            attendance.onReachChanged(nowNanos);
        }
    }

    /** Admits one more node, the next that asks or has asked. For a group that does not admit by itself. */
    public void beginAccept(long nowNanos) {
        attendance.admissions().beginAccept();
        admitWaiting(nowNanos);
    }

    /** Ends a {@link #beginAccept}, whether somebody has come in by it or not. */
    public void endAccept() {
        attendance.admissions().endAccept();
    }

    /** The next member that came in by an accept. */
    public @Nullable NodeIdentity pollAccepted() {
        return attendance.admissions().pollAccepted();
    }

    /** Whether a node asks to be admitted. */
    public boolean hasWaiting() {
        return roster.hasWaiting();
    }

    public void onDeadline(long nowNanos) {
        attendance.onDeadline(nowNanos);
        if (!closed) {
            work.onDeadline(nowNanos);
            attendance.settle(nowNanos);
        }
        closing.onDeadline(nowNanos);
    }

    public long nextDeadlineNanos() {
        if (closed) {
            return closing.nextDeadlineNanos();
        }
        return Math.min(attendance.nextDeadlineNanos(), work.nextDeadlineNanos());
    }

    /**
     * Nobody is admitted any more, no round ends and nothing is written; what was sent is still repeated to who has not
     * acknowledged it, see {@link #isDrained}.
     */
    public void stop() {
        attendance.stop();
    }

    /** Lets go who was welcomed and has not answered, so that what is held back for it can leave. */
    public void endAdmissions(long nowNanos) {
        for (Membership membership : List.copyOf(roster.memberships())) {
            if (membership.state() == Membership.State.WELCOMED) {
                attendance.remove(membership, Departure.LEFT, DisconnectReason.CLOSED, nowNanos);
            }
        }
        work.onStopped(nowNanos);
        attendance.settle(nowNanos);
    }

    public boolean isStopped() {
        return attendance.isStopped();
    }

    /** Whether all that was sent has been acknowledged. */
    public boolean isDrained() {
        return closed || work.isDrained();
    }

    /**
     * Ends the group and tells everyone in it, again until they have confirmed; see {@link #isCloseConfirmed}. Legacy members
     * are told when they have had time to leave by themselves; see {@link #isLingering}.
     */
    public void close(long nowNanos) {
        if (closed) {
            return;
        }
        attendance.stop();
        closed = true;
        closing.start(attendance.removeAll(nowNanos), nowNanos);
    }

    /** Whether legacy members are given time to leave before they are told that the group is closed. */
    public boolean isLingering() {
        return closing.isLingering();
    }

    /** A node that has left the membership with this number knows that the group is closed. */
    public void onCloseConfirmed(InetSocketAddress address, int number) {
        closing.onConfirmed(address, number);
    }

    /** Whether everyone knows that the group is closed. */
    public boolean isCloseConfirmed() {
        return closed && closing.isConfirmed();
    }

    public int id() {
        return label.id();
    }

    public GroupLabel label() {
        return label;
    }

    /** As logs and errors call it: {@code barrier prices}, or {@code barrier 0} when it has no name. */
    public String describe() {
        return label.describe(type);
    }

    /** Which of the groups of this coordinator it is, in the order of their creation: from 1 on. */
    public int generation() {
        return roster.generation();
    }

    /** Tells this group from others with its id. */
    public int epoch() {
        return attendance.epoch();
    }

    public GroupType type() {
        return type;
    }

    /** What is done in the group: its rounds, or its stream of chunks. */
    public W work() {
        return work;
    }

    /** Whether the expected members have been in at the same time once. */
    public boolean isFormed() {
        return attendance.isFormed();
    }

    /** Whether somebody was welcomed and has not answered. */
    public boolean hasOpenAdmission() {
        return attendance.hasOpenAdmission();
    }

    public int memberCount() {
        return roster.memberCount();
    }

    /** All nodes that are in or on their way in, in the order in which they asked to join. */
    public List<Membership> memberships() {
        return roster.memberships();
    }

    /** The members now, in the order in which they asked to join. */
    public List<MemberView> members() {
        List<MemberView> views = new ArrayList<>(roster.memberCount());
        for (Membership membership : roster.memberships()) {
            if (membership.isMember()) {
                views.add(new MemberView(
                        membership.identity(),
                        membership.sinceNanos(),
                        membership.peer().lastHeardNanos()));
            }
        }
        return views;
    }

    /** How long members take to answer, smoothed, or -1 while that was not measured. */
    public long roundTripNanos() {
        return work.roundTripNanos();
    }
}
