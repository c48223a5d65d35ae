package io.camure.protocol.group;

import io.camure.protocol.base.Departure;
import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.RoundTripEstimator;
import io.camure.protocol.base.SessionEvent;
import io.camure.wire.Capability;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who is in a group, as its coordinator knows it, and the handshake by which a node gets in:
 * GroupJoin → GroupWelcome → GroupAck.
 *
 * <p>A node that was welcomed counts for the group at once, since it may act as a member before its acknowledgement is
 * here; if the acknowledgement does not come within the member timeout the admission lapses.
 */
public final class Roster {

    /** How late a datagram may be of a node that has left, as far as it is spared an answer. */
    private static final long LATE_NANOS = RoundTripEstimator.MAXIMUM_NANOS;

    private final int group;
    private final int epoch;
    private final Outbox outbox;
    private final ProtocolCounters counters;
    private final long memberTimeoutNanos;
    private final Map<InetSocketAddress, Membership> byAddress = new HashMap<>();

    /** In the order in which they asked to join. */
    private final List<Membership> participants = new ArrayList<>();

    /** When those left who did by themselves. */
    private final Map<InetSocketAddress, Long> departedNanos = new HashMap<>();

    /** Why those were taken out who have lived, and may not have been reached by that. */
    private final Map<InetSocketAddress, Eviction> evictions = new HashMap<>();

    private record Eviction(int membership, String reason) {}

    private int memberCount;
    private int welcomedCount;

    public Roster(int group, int epoch, Outbox outbox, ProtocolCounters counters, long memberTimeoutNanos) {
        this.epoch = epoch;
        this.group = group;
        this.outbox = outbox;
        this.counters = counters;
        this.memberTimeoutNanos = memberTimeoutNanos;
    }

    /** Takes a GroupJoin; a node that is in already is left as it is. */
    public void onJoin(Peer peer, int membership) {
        Membership known = byAddress.get(peer.address());
        if (known == null) {
            if (peer.isOver(group, membership)) {
                counters.onDropped(DropReason.EARLIER_INCARNATION);
                // Late, or it does not know that it is out.
                disconnect(peer.address(), membership, DisconnectReason.TIMEOUT);
                return;
            }
            forget(peer.address());
            Membership participant = new Membership(peer, membership);
            byAddress.put(peer.address(), participant);
            participants.add(participant);
        } else if (!known.isOf(membership)) {
            counters.onDropped(DropReason.EARLIER_INCARNATION);
        } else if (known.isMember()) {
            counters.onDropped(DropReason.DUPLICATE_JOIN);
        }
    }

    /**
     * Whether a GroupJoin comes from a 0.1 member that must have lost its place: a repetition that was merely late can't be
     * older than the member timeout.
     */
    public boolean hasLostItsPlace(Membership member, long nowNanos) {
        return member.isMember() && member.membership() == 0 && nowNanos - member.sinceNanos() > memberTimeoutNanos;
    }

    /** Lets in a node that is waiting. The group counts it from {@code sequence} on. */
    public void admit(Membership participant, long sequence, long nowNanos) {
        participant.welcome(sequence, nowNanos);
        welcomedCount++;
        sendWelcome(participant);
        participant.welcomeTimer().start(nowNanos, RoundTripEstimator.INITIAL_NANOS);
    }

    private void sendWelcome(Membership participant) {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.groupWelcome(
                chunk,
                group,
                participant.welcomeSequence(),
                epoch,
                participant.peer().id(),
                participant.membership());
        outbox.sendWritten(participant.address(), chunk);
        participant.onWelcomeSent();
    }

    /** The node has shown that it received its welcome. */
    public void confirm(Membership participant, long nowNanos) {
        participant.confirm(nowNanos);
        welcomedCount--;
        memberCount++;
        outbox.tell(new SessionEvent.MemberJoined(group, participant.address()));
    }

    /** Takes a participant out, without a word to it. */
    public void remove(Membership participant, Departure departure, long nowNanos) {
        byAddress.remove(participant.address());
        participants.remove(participant);
        boolean left = departure == Departure.LEFT;
        if (left) {
            departedNanos.put(participant.address(), nowNanos);
        }
        // Who was never answered may still get into the next group of this id by what it has said.
        boolean answered = participant.state() != Membership.State.WAITING;
        participant.peer().onMembershipOver(group, participant.membership(), left && answered);
        switch (participant.state()) {
            case WELCOMED -> welcomedCount--;
            case MEMBER -> {
                memberCount--;
                outbox.tell(new SessionEvent.MemberLeft(group, participant.address(), departure));
            }
            case WAITING -> {}
        }
    }

    /** A member is about to be removed for a reason that it is to know. */
    public void onEvicted(Membership member, String reason) {
        evictions.put(member.address(), new Eviction(member.membership(), reason));
    }

    /** @param membership which one has ended, or 0 for a 0.1 node */
    public void disconnect(InetSocketAddress address, int membership, String reason) {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.groupDisconnected(chunk, group, reason, membership);
        outbox.sendWritten(address, chunk);
    }

    /**
     * Answers a node that speaks as a member but is none, as TCP answers a segment of no connection with a reset, so that
     * one that was evicted or outlived its session learns it.
     */
    public void refuseNonMember(InetSocketAddress address, int membership, long nowNanos) {
        counters.onDropped(DropReason.NOT_A_MEMBER);
        if (!byAddress.containsKey(address) && !hasJustLeft(address, nowNanos)) {
            disconnect(address, membership, reasonFor(address, membership));
        }
    }

    private String reasonFor(InetSocketAddress address, int membership) {
        Eviction eviction = evictions.get(address);
        return eviction != null && membership != 0 && eviction.membership() == membership
                ? eviction.reason()
                : DisconnectReason.NOT_A_MEMBER;
    }

    /**
     * A late datagram of a node that left by itself is no reason to tell it that it is out. One that speaks for longer has
     * come back, but its goodbye of the time before came after its admission.
     */
    private boolean hasJustLeft(InetSocketAddress address, long nowNanos) {
        Long leftNanos = departedNanos.get(address);
        return leftNanos != null && nowNanos - leftNanos < LATE_NANOS;
    }

    /** Forgets that a node left or was evicted: it comes back, or is not in the session any more. */
    public void forget(InetSocketAddress address) {
        departedNanos.remove(address);
        evictions.remove(address);
    }

    /** Repeats welcomes that are due; gives back who has not acknowledged any for the member timeout. */
    public List<Membership> onDeadline(long nowNanos) {
        if (welcomedCount == 0) {
            return List.of();
        }
        for (Membership participant : participants) {
            if (participant.welcomeTimer().isDue(nowNanos)) {
                sendWelcome(participant);
                counters.onRetransmission();
            }
        }
        return participants.stream()
                .filter(p -> p.state() == Membership.State.WELCOMED && lapseNanos(p) <= nowNanos)
                .toList();
    }

    public long nextDeadlineNanos() {
        long next = RetryTimer.NEVER;
        if (welcomedCount > 0) {
            for (Membership participant : participants) {
                if (participant.state() == Membership.State.WELCOMED) {
                    next = Math.min(
                            next, Math.min(participant.welcomeTimer().deadlineNanos(), lapseNanos(participant)));
                }
            }
        }
        return next;
    }

    private long lapseNanos(Membership participant) {
        return participant.welcomedNanos() + memberTimeoutNanos;
    }

    @Nullable
    public Membership find(InetSocketAddress address) {
        return byAddress.get(address);
    }

    public List<Membership> participants() {
        return participants;
    }

    public List<Membership> waiting() {
        return participants.stream()
                .filter(p -> p.state() == Membership.State.WAITING)
                .toList();
    }

    public boolean hasWaiting() {
        return participants.size() > memberCount + welcomedCount;
    }

    public int memberCount() {
        return memberCount;
    }

    /** Whether a 0.1 node was welcomed and has not answered. */
    public boolean hasWelcomedLegacyPeer() {
        return welcomedCount > 0
                && participants.stream()
                        .anyMatch(p -> p.state() == Membership.State.WELCOMED && !p.can(Capability.STATUS_REPORTS));
    }

    /** How many were welcomed and have not answered. */
    public int welcomedCount() {
        return welcomedCount;
    }
}
