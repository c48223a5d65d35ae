package io.camure.protocol.group;

import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.base.Departure;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.window.SendWindow;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.DropReason;
import io.camure.wire.SequenceNumbers;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What nodes say to a group at its coordinator, handed on by who they are in it: nobody, waiting, welcomed or a member. */
public final class GroupDispatch {

    private final ManagedGroup group;
    private final Roster roster;
    private final ClosingHandshake closing;
    private final GroupWork work;
    private final ProtocolCounters counters;

    public GroupDispatch(
            ManagedGroup group, Roster roster, ClosingHandshake closing, GroupWork work, ProtocolCounters counters) {
        this.group = group;
        this.roster = roster;
        this.closing = closing;
        this.work = work;
        this.counters = counters;
    }

    public void onChunk(InetSocketAddress source, ChunkReader chunk, long nowNanos) {
        Membership participant = roster.find(source);
        int membership = chunk.membership();
        if (participant != null && !participant.isOf(membership)) {
            onChunkOfAnotherMembership(participant, chunk);
            return;
        }
        switch (chunk.type()) {
            case GROUP_LEAVE -> onLeave(source, participant, chunk, nowNanos);
            case GROUP_ACK -> onAck(source, participant, chunk, nowNanos);
            case BARRIER_REACHED -> onReached(source, participant, chunk, nowNanos);
            case BROADCAST_STATUS -> onStatusReport(source, participant, chunk, nowNanos);
            default -> counters.onDropped(DropReason.UNEXPECTED);
        }
    }

    /** Mostly late, and of no interest to the node any more; whoever means it has to learn that it counts for nothing. */
    private void onChunkOfAnotherMembership(Membership participant, ChunkReader chunk) {
        counters.onDropped(DropReason.EARLIER_INCARNATION);
        boolean leaves = chunk.type() == ChunkType.GROUP_LEAVE;
        roster.disconnect(
                participant.address(),
                chunk.membership(),
                leaves ? DisconnectReason.LEAVE : DisconnectReason.NOT_A_MEMBER);
    }

    private void onLeave(InetSocketAddress source, @Nullable Membership participant, ChunkReader leave, long nowNanos) {
        closing.onConfirmed(source, leave.membership());
        if (participant == null) {
            roster.disconnect(source, leave.membership(), DisconnectReason.LEAVE);
        } else {
            group.remove(participant, Departure.LEFT, DisconnectReason.LEAVE, nowNanos);
        }
    }

    private void onAck(InetSocketAddress source, @Nullable Membership participant, ChunkReader ack, long nowNanos) {
        if (participant == null) {
            refuseNonMember(source, null, ack, nowNanos);
            return;
        }
        switch (participant.state()) {
            case WAITING -> counters.onDropped(DropReason.NOT_A_MEMBER);
            case WELCOMED -> {
                // Ours mark it; unmarked, it is of a chunk that is foreign to a membership of before.
                boolean mayBe = ack.acknowledgesWelcome() || !participant.can(Capability.STATUS_REPORTS);
                if (mayBe && participant.isWelcomeAck(ack.sequence())) {
                    participant.onAck(participant.welcomeSequence(), ack.acknowledgesWelcome());
                    group.confirm(participant, nowNanos);
                } else {
                    counters.onDropped(DropReason.OUT_OF_WINDOW);
                }
            }
            case MEMBER -> work.onAck(participant, ack, nowNanos);
        }
    }

    private void onReached(
            InetSocketAddress source, @Nullable Membership participant, ChunkReader reached, long nowNanos) {
        if (!(work instanceof BarrierRound round)) {
            counters.onDropped(DropReason.UNEXPECTED);
        } else if (participant != null && isIn(participant, reached, nowNanos)) {
            round.onReached(participant, reached, nowNanos);
        } else {
            refuseNonMember(source, participant, reached, nowNanos);
        }
    }

    private void onStatusReport(
            InetSocketAddress source, @Nullable Membership participant, ChunkReader receipt, long nowNanos) {
        if (!(work instanceof SendWindow window)) {
            counters.onDropped(DropReason.UNEXPECTED);
        } else if (participant != null && isIn(participant, receipt, nowNanos)) {
            window.onStatusReport(participant, receipt, nowNanos);
        } else {
            refuseNonMember(source, participant, receipt, nowNanos);
        }
    }

    /** Whether a node may speak as a member. It may do so before the acknowledgement of its welcome is here. */
    private boolean isIn(Membership participant, ChunkReader chunk, long nowNanos) {
        if (participant.state() == Membership.State.WELCOMED
                && SequenceNumbers.extend(participant.welcomeSequence(), chunk.sequence())
                        >= participant.welcomeSequence()) {
            group.confirm(participant, nowNanos);
        }
        return participant.isMember();
    }

    private void refuseNonMember(
            InetSocketAddress source, @Nullable Membership participant, ChunkReader chunk, long nowNanos) {
        if (participant != null && participant.state() == Membership.State.WELCOMED) {
            counters.onDropped(DropReason.OUT_OF_WINDOW);
        } else if (!closing.isAwaited(source)) {
            roster.refuseNonMember(source, chunk.membership(), nowNanos);
        }
    }
}
