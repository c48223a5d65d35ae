package io.camure.protocol.group;

import io.camure.protocol.base.Departure;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.DropReason;
import io.camure.wire.SequenceNumbers;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/** What nodes say to a group at its coordinator, handed on by what they are in it: nothing, waiting, welcomed or a member. */
final class GroupDispatch {

    private final Attendance<?> attendance;
    private final Roster roster;
    private final ClosingHandshake closing;
    private final GroupWork work;
    private final EnumSet<ChunkType> ofWork;
    private final ProtocolCounters counters;

    GroupDispatch(
            Attendance<?> attendance, ClosingHandshake closing, EnumSet<ChunkType> ofWork, ProtocolCounters counters) {
        this.attendance = attendance;
        this.closing = closing;
        this.ofWork = ofWork;
        this.counters = counters;
        roster = attendance.roster();
        work = attendance.work();
    }

    /** @param peer the node at {@code source}, or {@code null} if it is not in the session */
    void onChunk(InetSocketAddress source, @Nullable Peer peer, ChunkReader chunk, long nowNanos) {
        Membership membership = peer == null ? null : roster.find(peer);
        if (membership != null && !membership.isOf(chunk.membership())) {
            onChunkOfAnotherMembership(membership, chunk, nowNanos);
            return;
        }
        if (membership != null && membership.isIdentified()) {
            if (chunk.membership() == 0) {
                counters.onDropped(DropReason.UNIDENTIFIED);
                return;
            }
            membership.peer().onHeard(nowNanos);
            attendance.onSpoken(membership, nowNanos);
        }
        switch (chunk.type()) {
            case GROUP_LEAVE -> onLeave(source, membership, chunk, nowNanos);
            case GROUP_ACK -> onAck(source, membership, chunk, nowNanos);
            default -> onChunkOfWork(source, membership, chunk, nowNanos);
        }
    }

    /** Mostly late, and of no interest to the node any more; whoever means it has to learn that it counts for nothing. */
    private void onChunkOfAnotherMembership(Membership membership, ChunkReader chunk, long nowNanos) {
        boolean leaves = chunk.type() == ChunkType.GROUP_LEAVE;
        roster.refuse(
                membership.address(),
                chunk.membership(),
                DropReason.EARLIER_INCARNATION,
                leaves ? DisconnectReason.LEAVE : DisconnectReason.NOT_A_MEMBER,
                nowNanos);
    }

    private void onLeave(InetSocketAddress source, @Nullable Membership membership, ChunkReader leave, long nowNanos) {
        closing.onConfirmed(source, leave.membership());
        if (membership == null) {
            roster.answer(source, leave.membership(), DisconnectReason.LEAVE, nowNanos);
        } else {
            attendance.remove(membership, Departure.LEFT, DisconnectReason.LEAVE, nowNanos);
        }
    }

    private void onAck(InetSocketAddress source, @Nullable Membership membership, ChunkReader ack, long nowNanos) {
        if (membership == null) {
            refuseNonMember(source, null, ack, nowNanos);
            return;
        }
        switch (membership.state()) {
            case WAITING -> counters.onDropped(DropReason.NOT_A_MEMBER);
            case WELCOMED -> onWelcomeAck(membership, ack, nowNanos);
            case MEMBER -> handOn(membership, ack, nowNanos);
        }
    }

    private void onWelcomeAck(Membership membership, ChunkReader ack, long nowNanos) {
        // Negotiated peers mark it; unmarked, it is of a chunk that is foreign to a membership of before.
        boolean mayBe = ack.acknowledgesWelcome() || !membership.can(Capability.STATUS_REPORTS);
        if (mayBe && membership.isWelcomeAck(ack.sequence())) {
            membership.onAck(membership.firstSequence(), ack.acknowledgesWelcome());
            attendance.confirm(membership, nowNanos);
        } else {
            counters.onDropped(DropReason.OUT_OF_WINDOW);
        }
    }

    private void onChunkOfWork(
            InetSocketAddress source, @Nullable Membership membership, ChunkReader chunk, long nowNanos) {
        if (!ofWork.contains(chunk.type())) {
            counters.onDropped(DropReason.UNEXPECTED);
        } else if (membership != null && isIn(membership, chunk, nowNanos)) {
            handOn(membership, chunk, nowNanos);
        } else {
            refuseNonMember(source, membership, chunk, nowNanos);
        }
    }

    private void handOn(Membership member, ChunkReader chunk, long nowNanos) {
        work.onChunk(member, chunk, nowNanos);
        attendance.settle(nowNanos);
    }

    /**
     * Whether a node may speak as a member. It may do so before the acknowledgement of its welcome is here, unless what it reports is
     * proven from its welcome on, and it may know only one that was withdrawn.
     */
    private boolean isIn(Membership membership, ChunkReader chunk, long nowNanos) {
        // The chunks of a member's own stream are not numbered by what the welcome names.
        if (membership.state() == Membership.State.WELCOMED
                && !chunk.type().isUplink()
                && !mayReportFromEarlierWelcome(membership, chunk)
                && SequenceNumbers.extend(membership.firstSequence(), chunk.sequence()) >= membership.firstSequence()) {
            attendance.confirm(membership, nowNanos);
        }
        return membership.isMember();
    }

    private boolean mayReportFromEarlierWelcome(Membership membership, ChunkReader chunk) {
        return chunk.type() == ChunkType.BROADCAST_STATUS
                && membership.withdrawals() > 0
                && attendance.link().getsProofs(membership);
    }

    private void refuseNonMember(
            InetSocketAddress source, @Nullable Membership membership, ChunkReader chunk, long nowNanos) {
        if (membership != null && membership.state() == Membership.State.WELCOMED) {
            counters.onDropped(DropReason.OUT_OF_WINDOW);
        } else if (membership != null) {
            counters.onDropped(DropReason.NOT_A_MEMBER);
        } else if (!closing.isAwaited(source)) {
            roster.refuseNonMember(source, chunk.membership(), nowNanos);
        }
    }
}
