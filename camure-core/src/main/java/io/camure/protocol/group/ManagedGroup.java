package io.camure.protocol.group;

import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.base.Departure;
import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.window.SendWindow;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.DropReason;
import io.camure.wire.GroupType;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A group at its coordinator: who may come in when, who goes, and the handing on of what members say to the group's work. */
public final class ManagedGroup {

    private final int id;
    private final GroupType type;
    private final int expectedMembers;
    private final int epoch;
    private final Outbox outbox;
    private final ProtocolCounters counters;
    private final Roster roster;
    private final GroupWork work;

    private final ClosingHandshake closing;
    private final AdmissionControl admissions;
    private final GroupDispatch dispatch;
    private boolean formed;
    private boolean stopped;
    private boolean closed;

    private ManagedGroup(
            int id,
            GroupType type,
            Admission admission,
            SessionSettings settings,
            int epoch,
            Outbox outbox,
            ProtocolCounters counters,
            Function<ManagedGroup, GroupWork> createWork) {
        this.id = id;
        this.type = type;
        this.expectedMembers = admission.expectedMembers();
        this.outbox = outbox;
        this.counters = counters;
        this.epoch = epoch;
        roster = new Roster(id, epoch, outbox, counters, settings.memberTimeoutNanos());
        closing = new ClosingHandshake(roster);
        formed = expectedMembers == 0;
        work = createWork.apply(this);
        admissions = new AdmissionControl(admission.automatic(), roster, work);
        dispatch = new GroupDispatch(this, roster, closing, work, counters);
    }

    public static ManagedGroup barrier(
            int id,
            Admission admission,
            boolean breaksOnLoss,
            SessionSettings settings,
            int epoch,
            Outbox outbox,
            ProtocolCounters counters) {
        return new ManagedGroup(
                id,
                GroupType.BARRIER,
                admission,
                settings,
                epoch,
                outbox,
                counters,
                group -> new BarrierRound(group, breaksOnLoss, settings.multicastAddress(), outbox, counters));
    }

    public static ManagedGroup broadcast(
            int id,
            Admission admission,
            SlowMemberPolicy slowMemberPolicy,
            SessionSettings settings,
            int epoch,
            Outbox outbox,
            ProtocolCounters counters,
            long firstSequence) {
        return new ManagedGroup(
                id,
                GroupType.BROADCAST,
                admission,
                settings,
                epoch,
                outbox,
                counters,
                group -> new SendWindow(group, settings, slowMemberPolicy, outbox, counters, firstSequence));
    }

    /** @param membership the number that the node has given to this joining, or 0 from a 0.1 node */
    public void onJoin(Peer peer, GroupType wanted, int membership, long nowNanos) {
        if (wanted != type) {
            counters.onDropped(DropReason.WRONG_GROUP_TYPE);
            roster.disconnect(peer.address(), membership, DisconnectReason.WRONG_GROUP_TYPE);
            return;
        }
        if (closed) {
            roster.disconnect(peer.address(), membership, DisconnectReason.CLOSED);
            return;
        }
        Membership known = roster.find(peer.address());
        if (known != null && known.isFollowedBy(membership)) {
            // Its goodbye was lost, or is late.
            remove(known, Departure.LEFT, null, nowNanos);
        } else if (known != null && roster.hasLostItsPlace(known, nowNanos)) {
            remove(known, Departure.LOST, DisconnectReason.DUPLICATE_JOIN, nowNanos);
            return;
        }
        roster.onJoin(peer, membership);
        admitWaiting(nowNanos);
    }

    public void onChunk(InetSocketAddress source, ChunkReader chunk, long nowNanos) {
        dispatch.onChunk(source, chunk, nowNanos);
    }

    /** A node that was welcomed has shown that it knows. */
    public void confirm(Membership participant, long nowNanos) {
        if (participant.wasWelcomedOnce()) {
            work.onRoundTrip(nowNanos - participant.welcomedNanos());
        }
        roster.confirm(participant, nowNanos);
        admissions.onConfirmed(participant);
        formed |= roster.memberCount() >= expectedMembers;
        work.onRosterChanged(nowNanos);
        admitWaiting(nowNanos);
    }

    /** @param reason what the node is told, or {@code null} for nothing */
    public void remove(Membership participant, Departure departure, @Nullable String reason, long nowNanos) {
        admissions.onRemoved(participant);
        roster.remove(participant, departure, nowNanos);
        if (reason != null) {
            roster.disconnect(participant.address(), participant.membership(), reason);
        }
        work.onRemoved(participant, departure);
        work.onRosterChanged(nowNanos);
        admitWaiting(nowNanos);
    }

    /**
     * Takes out a node that is no longer in the session.
     *
     * @param reason what it is told, or {@code null} for nothing
     */
    public void onPeerGone(Peer peer, Departure departure, @Nullable String reason, long nowNanos) {
        Membership participant = roster.find(peer.address());
        if (participant != null) {
            remove(participant, departure, reason, nowNanos);
        }
        roster.forget(peer.address());
        closing.forget(peer.address());
    }

    /** Takes out the members that lack a capability which is needed now. */
    public void evictWhoCannot(Capability capability, String reason, long nowNanos) {
        for (Membership participant : List.copyOf(roster.participants())) {
            if (participant.isMember() && !participant.can(capability)) {
                remove(participant, Departure.EVICTED, reason, nowNanos);
            }
        }
    }

    /** Takes a member out that lives. */
    public void evict(Membership member, String reason, long nowNanos) {
        roster.onEvicted(member, reason);
        remove(member, Departure.EVICTED, reason, nowNanos);
    }

    /** Welcomes those who wait, as far as that is wanted and possible now. */
    public void admitWaiting(long nowNanos) {
        if (!stopped) {
            admissions.admitWaiting(nowNanos);
        }
    }

    /** Lets in one more node, the next that asks or has asked. For a group that does not admit by itself. */
    public void beginAccept(long nowNanos) {
        admissions.beginAccept();
        admitWaiting(nowNanos);
    }

    /** Ends a {@link #beginAccept}, whether somebody has come in by it or not. */
    public void endAccept() {
        admissions.endAccept();
    }

    /** The next member that came in by an accept. */
    public @Nullable InetSocketAddress pollAccepted() {
        return admissions.pollAccepted();
    }

    /** Whether a node asks to be let in that is to be. */
    public boolean wantsToAdmit() {
        return admissions.wantsToAdmit();
    }

    /** Whether a node asks to be let in. */
    public boolean hasWaiting() {
        return roster.hasWaiting();
    }

    public void onDeadline(long nowNanos) {
        List<Membership> lapsed = roster.onDeadline(nowNanos);
        for (int i = 0; i < lapsed.size(); i++) {
            remove(lapsed.get(i), Departure.LOST, DisconnectReason.TIMEOUT, nowNanos);
        }
        if (!closed) {
            work.onDeadline(nowNanos);
        }
        closing.onDeadline(nowNanos);
    }

    public long nextDeadlineNanos() {
        if (closed) {
            return closing.nextDeadlineNanos();
        }
        return Math.min(roster.nextDeadlineNanos(), work.nextDeadlineNanos());
    }

    /**
     * Nobody gets in any more, no round ends and nothing is written; what was sent is still repeated to who has not
     * acknowledged it, see {@link #isDrained}.
     */
    public void stop() {
        stopped = true;
    }

    /** Lets go who was welcomed and has not answered, so that what is held back for it can leave. */
    public void endAdmissions(long nowNanos) {
        for (Membership participant : List.copyOf(roster.participants())) {
            if (participant.state() == Membership.State.WELCOMED) {
                remove(participant, Departure.LEFT, DisconnectReason.CLOSED, nowNanos);
            }
        }
        work.onStopped(nowNanos);
    }

    public boolean isStopped() {
        return stopped;
    }

    /** Whether all that was sent has been acknowledged. */
    public boolean isDrained() {
        return closed || work.isDrained();
    }

    /** Ends the group and tells everyone in it, again until they have confirmed; see {@link #isCloseConfirmed}. */
    public void close(long nowNanos) {
        if (closed) {
            return;
        }
        stopped = true;
        closed = true;
        for (Membership participant : List.copyOf(roster.participants())) {
            roster.remove(participant, Departure.LEFT, nowNanos);
            work.onRemoved(participant, Departure.LEFT);
            closing.tell(participant);
        }
        closing.start(nowNanos);
    }

    /** A node that has left this membership knows that the group is closed. */
    public void onCloseConfirmed(InetSocketAddress address, int membership) {
        closing.onConfirmed(address, membership);
    }

    /** Whether everyone knows that the group is closed. */
    public boolean isCloseConfirmed() {
        return closed && closing.isConfirmed();
    }

    public int id() {
        return id;
    }

    public GroupType type() {
        return type;
    }

    public int expectedMembers() {
        return expectedMembers;
    }

    /** Whether the expected members have been in at the same time once. */
    public boolean isFormed() {
        return formed;
    }

    public int memberCount() {
        return roster.memberCount();
    }

    /** The members now, in the order in which they asked to join. */
    public List<MemberView> members() {
        List<MemberView> views = new ArrayList<>(roster.memberCount());
        for (Membership participant : roster.participants()) {
            if (participant.isMember()) {
                views.add(new MemberView(
                        participant.address(),
                        participant.sinceNanos(),
                        participant.peer().lastHeardNanos()));
            }
        }
        return views;
    }

    /** How long members take to answer, smoothed, or -1 while that was not measured. */
    public long roundTripNanos() {
        return work.roundTripNanos();
    }

    /** The rounds of a barrier group. */
    public BarrierRound round() {
        return (BarrierRound) work;
    }

    /** The send window of a broadcast group. */
    public SendWindow window() {
        return (SendWindow) work;
    }

    /** All who are in or on their way in; for a loop by index, which needs no iterator. */
    public List<Membership> participants() {
        return roster.participants();
    }

    public int epoch() {
        return epoch;
    }

    /** Whether somebody was welcomed and has not answered. */
    public boolean hasOpenAdmission() {
        return roster.welcomedCount() > 0;
    }

    /** Whether a 0.1 node was welcomed and has not answered: it would take what reaches it before its welcome for nothing. */
    public boolean hasOpenAdmissionOfLegacyPeer() {
        return roster.hasWelcomedLegacyPeer();
    }
}
