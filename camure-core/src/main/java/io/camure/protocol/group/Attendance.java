package io.camure.protocol.group;

import io.camure.protocol.base.Departure;
import io.camure.wire.Capability;
import io.camure.wire.ChunkWriter;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Who comes into a group, is in it and goes, and what the work of the group is told of that and may ask for.
 *
 * <p>What the work asks for is noted and done in {@link #settle}, after the work has returned. An admission or an eviction is a
 * change for the work, which may ask for more by that; since each of them takes one node on, it comes to an end.
 */
final class Attendance<W extends GroupWork> implements GroupContext {

    private final int id;
    private final int epoch;
    private final int expectedMembers;
    private final GroupLink link;
    private final Roster roster;
    private final Destinations destinations;
    private final AdmissionControl admissions;
    private final WelcomePatience patience;
    private final W work;
    private final Queue<Eviction> evictions = new ArrayDeque<>();
    private boolean requested;
    private boolean formed;
    private boolean stopped;

    private record Eviction(Membership member, String reason) {}

    <S> Attendance(
            GroupKind<S, W, ?> kind,
            int id,
            int epoch,
            Admission admission,
            S workSettings,
            GroupLink link,
            RandomGenerator random) {
        this.id = id;
        this.epoch = epoch;
        this.link = link;
        patience = new WelcomePatience(link.settings().memberTimeoutNanos());
        expectedMembers = admission.expectedMembers();
        formed = expectedMembers == 0;
        roster = new Roster(id, epoch, link);
        destinations = new Destinations(link.settings(), roster.memberships());
        admissions = new AdmissionControl(admission.automatic(), roster);
        work = kind.createWork(this, workSettings, random);
    }

    W work() {
        return work;
    }

    Roster roster() {
        return roster;
    }

    AdmissionControl admissions() {
        return admissions;
    }

    /** A node that was welcomed has shown that it knows. */
    void confirm(Membership membership, long nowNanos) {
        if (membership.wasWelcomedOnce() && membership.withdrawals() == 0) {
            work.onRoundTrip(nowNanos - membership.welcomedNanos());
        }
        roster.confirm(membership, nowNanos);
        admissions.onConfirmed(membership);
        formed |= roster.memberCount() >= expectedMembers;
        work.onConfirmed(membership, nowNanos);
        work.onMembershipsChanged(nowNanos);
        settle(nowNanos);
    }

    /** A node has not answered its welcome for as long as the group waits: that goes on without it. */
    private void onUnanswered(Membership membership, long nowNanos) {
        patience.onUnanswered(membership, nowNanos);
        if (!membership.canWait(nowNanos, link.settings().memberTimeoutNanos())) {
            remove(membership, Departure.LOST, DisconnectReason.TIMEOUT, nowNanos);
            return;
        }
        work.onRemoved(membership, Departure.LOST);
        roster.withdrawWelcome(membership);
        destinations.refresh();
        work.onMembershipsChanged(nowNanos);
        settle(nowNanos);
    }

    /** A node has said something in its membership, and may be welcomed again if that was what it lacked. */
    void onSpoken(Membership membership, long nowNanos) {
        if (membership.onSpoken()) {
            membership.peer().onLateAnswer(nowNanos - membership.welcomedNanos());
            requestAdmission();
            settle(nowNanos);
        }
    }

    void onDeadline(long nowNanos) {
        List<Membership> unanswered = roster.onDeadline(nowNanos);
        for (int i = 0; i < unanswered.size(); i++) {
            onUnanswered(unanswered.get(i), nowNanos);
        }
        if (patience.endsRest(nowNanos)) {
            requestAdmission();
            settle(nowNanos);
        }
    }

    long nextDeadlineNanos() {
        return Math.min(roster.nextDeadlineNanos(), patience.nextDeadlineNanos());
    }

    /** @param reason what the node is told, or {@code null} for nothing */
    void remove(Membership membership, Departure departure, @Nullable String reason, long nowNanos) {
        take(membership, departure, reason, nowNanos);
        settle(nowNanos);
    }

    private void take(Membership membership, Departure departure, @Nullable String reason, long nowNanos) {
        admissions.onRemoved(membership);
        roster.remove(membership, departure, nowNanos);
        destinations.refresh();
        if (reason != null) {
            roster.disconnect(membership.address(), membership.number(), reason);
        }
        work.onRemoved(membership, departure);
        work.onMembershipsChanged(nowNanos);
        requestAdmission();
    }

    /** Ends every membership, since the group ends, and gives back which there were. */
    List<Membership> removeAll(long nowNanos) {
        List<Membership> removed = List.copyOf(roster.memberships());
        for (Membership membership : removed) {
            roster.remove(membership, Departure.LEFT, nowNanos);
            work.onRemoved(membership, Departure.LEFT);
        }
        destinations.refresh();
        return removed;
    }

    /** Does what the work has asked for, and what it asks for by that. */
    void settle(long nowNanos) {
        while (requested) {
            Eviction eviction = evictions.poll();
            if (eviction == null) {
                requested = false;
                admitWaiting(nowNanos);
            } else if (roster.find(eviction.member().peer()) == eviction.member()) {
                roster.onEvicted(eviction.member(), eviction.reason());
                take(eviction.member(), Departure.EVICTED, eviction.reason(), nowNanos);
            }
        }
    }

    private void admitWaiting(long nowNanos) {
        if (stopped || !mayAdmitAny()) {
            return;
        }
        boolean admitted = false;
        for (Membership membership : roster.waiting()) {
            if (!admissions.isOpen()) {
                break;
            }
            if (!patience.allows(membership) || !work.mayAdmit(membership)) {
                continue;
            }
            long patienceNanos = patience.nanosFor(membership, work.roundTripNanos());
            roster.admit(membership, work.nextSequence(), patienceNanos, nowNanos);
            work.onAdmitted(membership);
            admitted = true;
        }
        if (admitted) {
            destinations.refresh();
            work.onMembershipsChanged(nowNanos);
        }
    }

    /** Asked at each chunk while a node waits, so without a list of them. */
    private boolean mayAdmitAny() {
        if (!roster.hasWaiting() || !admissions.isOpen()) {
            return false;
        }
        List<Membership> all = roster.memberships();
        for (int i = 0; i < all.size(); i++) {
            Membership membership = all.get(i);
            if (isAwaitingWelcome(membership) && work.mayAdmit(membership)) {
                return true;
            }
        }
        return false;
    }

    private boolean isAwaitingWelcome(Membership membership) {
        return membership.state() == Membership.State.WAITING && patience.allows(membership);
    }

    private boolean isAnyAwaitingWelcome() {
        if (!roster.hasWaiting()) {
            return false;
        }
        List<Membership> all = roster.memberships();
        for (int i = 0; i < all.size(); i++) {
            if (isAwaitingWelcome(all.get(i))) {
                return true;
            }
        }
        return false;
    }

    /** A node hears group traffic from now on, or does not any more, or other datagrams get to it. */
    void onReachChanged(long nowNanos) {
        destinations.refresh();
        work.onReachChanged(nowNanos);
    }

    void stop() {
        stopped = true;
    }

    /** Tells a node that waits why it does, if it understands that. */
    void explainWaiting(Peer peer) {
        Membership membership = roster.find(peer);
        if (membership != null
                && membership.state() == Membership.State.WAITING
                && membership.can(Capability.JOIN_ANSWERS)) {
            ByteBuffer answer = link.control();
            ChunkWriter.groupPending(answer, id, membership.number(), false, whyWaiting(membership));
            link.send(membership.address(), answer);
        }
    }

    private String whyWaiting(Membership membership) {
        if (stopped) {
            return "the coordinator is about to close the group";
        } else if (!work.mayAdmit(membership)) {
            return work.admissionObstacle();
        } else if (!patience.allows(membership)) {
            return "a node has not answered its welcome, and the group goes on before it waits for another";
        }
        return "the coordinator's application admits nodes one by one, and has not accepted this one";
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public int epoch() {
        return epoch;
    }

    @Override
    public GroupLink link() {
        return link;
    }

    @Override
    public List<Membership> memberships() {
        return roster.memberships();
    }

    @Override
    public List<InetSocketAddress> destinations() {
        return destinations.all();
    }

    @Override
    public int memberCount() {
        return roster.memberCount();
    }

    @Override
    public boolean isFormed() {
        return formed;
    }

    @Override
    public boolean isStopped() {
        return stopped;
    }

    @Override
    public boolean hasOpenAdmission() {
        return roster.welcomedCount() > 0;
    }

    @Override
    public boolean isAdmissionPending() {
        return admissions.isOpen() && isAnyAwaitingWelcome();
    }

    @Override
    public void requestAdmission() {
        requested = true;
    }

    @Override
    public void evict(Membership member, String reason) {
        evictions.add(new Eviction(member, reason));
        requested = true;
    }

    @Override
    public void onCommandDone(long nowNanos) {
        settle(nowNanos);
    }
}
