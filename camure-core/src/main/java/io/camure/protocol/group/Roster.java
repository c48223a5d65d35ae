package io.camure.protocol.group;

import io.camure.protocol.base.Departure;
import io.camure.protocol.base.IdTable;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.RoundTripEstimator;
import io.camure.protocol.base.SessionEvent;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.GroupOrder;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The memberships of a group at its coordinator, and the handshake by which a node gets in:
 * GroupJoin → GroupWelcome → GroupAck.
 *
 * <p>A node that was welcomed counts for the group at once, since it may act as a member before its acknowledgement is
 * here; if the acknowledgement does not come within the member timeout the admission lapses.
 */
final class Roster {

    private final int group;
    private final int epoch;
    private final int generation;
    private final GroupLink link;
    private final ProtocolCounters counters;
    private final long memberTimeoutNanos;
    private final Departures departures = new Departures();

    /** By the id of the peer, in the order in which they asked to join. */
    private final IdTable<Membership> memberships = new IdTable<>();

    private int waitingCount;
    private int welcomedCount;
    private int memberCount;

    Roster(int group, int epoch, GroupLink link) {
        this.group = group;
        this.epoch = epoch;
        this.link = link;
        generation = link.nextGeneration();
        counters = link.counters();
        memberTimeoutNanos = link.settings().memberTimeoutNanos();
    }

    /** Which of the groups of this coordinator it is, in the order of their creation. */
    int generation() {
        return generation;
    }

    /** Takes a GroupJoin; a node that is in already is left as it is. */
    void onJoin(Peer peer, int number, long nowNanos) {
        Membership known = find(peer);
        if (known == null) {
            if (peer.isOver(group, number)) {
                // Late, or it does not know that it is out.
                refuse(peer.address(), number, DropReason.EARLIER_INCARNATION, DisconnectReason.TIMEOUT, nowNanos);
                return;
            }
            forget(peer.address());
            memberships.put(peer.id(), new Membership(peer, number));
            waitingCount++;
        } else if (!known.isOf(number)) {
            counters.onDropped(DropReason.EARLIER_INCARNATION);
        } else if (known.onSpoken()) {
            // Its welcome was withdrawn, and it is there after all.
            return;
        } else if (known.isMember()) {
            counters.onDropped(DropReason.DUPLICATE_JOIN);
        }
    }

    /**
     * Whether a GroupJoin comes from a legacy peer that must have lost its place: a repetition that was merely late can't be
     * older than the member timeout.
     */
    boolean hasLostItsPlace(Membership member, long nowNanos) {
        return member.isMember() && member.number() == 0 && nowNanos - member.sinceNanos() > memberTimeoutNanos;
    }

    /** Welcomes a node that is waiting. The group counts it from {@code sequence} on. */
    void admit(Membership membership, long sequence, long patienceNanos, long nowNanos) {
        membership.welcome(sequence, patienceNanos, nowNanos);
        waitingCount--;
        welcomedCount++;
        sendWelcome(membership, nowNanos);
        membership.welcomeTimer().start(nowNanos, Math.min(RoundTripEstimator.INITIAL_NANOS, patienceNanos / 4));
    }

    /** A node has not answered its welcome in time, and waits again. */
    void withdrawWelcome(Membership membership) {
        membership.withdrawWelcome();
        welcomedCount--;
        waitingCount++;
    }

    private void sendWelcome(Membership membership, long nowNanos) {
        link.outbox().codec().onWelcomed(membership.address(), group, epoch, nowNanos);
        ByteBuffer chunk = link.control();
        ChunkWriter.groupWelcome(
                chunk,
                group,
                membership.firstSequence(),
                epoch,
                membership.peer().id(),
                membership.number());
        if (membership.isIdentified()) {
            ChunkWriter.welcomingIncarnation(chunk, link.incarnation());
            GroupOrder.write(chunk, generation, membership.firstSequence());
        }
        link.send(membership.address(), chunk);
        membership.onWelcomeSent();
    }

    /** The node has shown that it received its welcome. */
    void confirm(Membership membership, long nowNanos) {
        membership.confirm(nowNanos);
        welcomedCount--;
        memberCount++;
        link.outbox().tell(new SessionEvent.MemberJoined(group, membership.identity()));
    }

    /** Ends a membership, without a word to the node. */
    void remove(Membership membership, Departure departure, long nowNanos) {
        memberships.remove(membership.peer().id());
        link.outbox().codec().onLeft(membership.address(), group, nowNanos);
        boolean left = departure == Departure.LEFT;
        if (left) {
            departures.onLeft(membership, nowNanos);
        }
        // Who was never answered may still get into the next group of this id by what it has said.
        boolean answered = membership.state() != Membership.State.WAITING;
        membership.peer().onMembershipOver(group, membership.number(), left && answered);
        switch (membership.state()) {
            case WELCOMED -> welcomedCount--;
            case MEMBER -> {
                memberCount--;
                link.outbox().tell(new SessionEvent.MemberLeft(group, membership.identity(), departure));
            }
            case WAITING -> waitingCount--;
        }
    }

    /** A member is about to be removed for a reason that it is to know. */
    void onEvicted(Membership member, String reason) {
        departures.onEvicted(member, reason);
    }

    /** @param number of the membership that has ended, or 0 for a legacy peer */
    void disconnect(InetSocketAddress address, int number, String reason) {
        ByteBuffer chunk = link.control();
        ChunkWriter.groupDisconnected(chunk, group, reason, number);
        link.send(address, chunk);
    }

    /**
     * Answers a node that speaks as a member but is none, as TCP answers a segment of no connection with a reset, so that
     * one that was evicted or outlived its session learns it.
     */
    void refuseNonMember(InetSocketAddress address, int number, long nowNanos) {
        if (departures.hasJustLeft(address, nowNanos)) {
            counters.onDropped(DropReason.NOT_A_MEMBER);
        } else {
            refuse(address, number, DropReason.NOT_A_MEMBER, departures.reasonFor(address, number), nowNanos);
        }
    }

    /** Drops what a node says and tells it why, unless it was told that too often just now. */
    void refuse(InetSocketAddress address, int number, DropReason dropped, String told, long nowNanos) {
        if (link.answerLimit().allows(address, nowNanos)) {
            counters.onDropped(dropped);
            disconnect(address, number, told);
        } else {
            counters.onDropped(DropReason.UNANSWERED);
        }
    }

    /** Answers a node that is not in the group, unless it was answered too often just now. */
    void answer(InetSocketAddress address, int number, String told, long nowNanos) {
        if (link.answerLimit().allows(address, nowNanos)) {
            disconnect(address, number, told);
        } else {
            counters.onDropped(DropReason.UNANSWERED);
        }
    }

    /** Forgets that a node left or was evicted: it comes back, or is not in the session any more. */
    void forget(InetSocketAddress address) {
        departures.forget(address);
    }

    /** Repeats welcomes that are due; gives back who has not answered one for as long as the group waits. */
    List<Membership> onDeadline(long nowNanos) {
        if (welcomedCount + waitingCount == 0) {
            return List.of();
        }
        for (Membership membership : memberships.all()) {
            if (membership.welcomeTimer().isDue(nowNanos)) {
                sendWelcome(membership, nowNanos);
                counters.onRetransmission();
            }
        }
        return memberships.all().stream()
                .filter(membership -> membership.answerEndNanos(memberTimeoutNanos) <= nowNanos)
                .toList();
    }

    long nextDeadlineNanos() {
        long next = RetryTimer.NEVER;
        if (welcomedCount + waitingCount > 0) {
            for (Membership membership : memberships.all()) {
                next = Math.min(next, membership.welcomeTimer().deadlineNanos());
                next = Math.min(next, membership.answerEndNanos(memberTimeoutNanos));
            }
        }
        return next;
    }

    @Nullable
    Membership find(Peer peer) {
        return memberships.find(peer.id());
    }

    List<Membership> memberships() {
        return memberships.all();
    }

    List<Membership> waiting() {
        return memberships.all().stream()
                .filter(m -> m.state() == Membership.State.WAITING)
                .toList();
    }

    boolean hasWaiting() {
        return waitingCount > 0;
    }

    int memberCount() {
        return memberCount;
    }

    /** How many were welcomed and have not answered. */
    int welcomedCount() {
        return welcomedCount;
    }
}
