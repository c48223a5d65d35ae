package io.camure.protocol.broadcast;

import io.camure.protocol.base.Departure;
import io.camure.protocol.base.Format;
import io.camure.protocol.base.HeaderOutcome;
import io.camure.protocol.base.Nonces;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.group.DisconnectReason;
import io.camure.protocol.group.GroupContext;
import io.camure.protocol.group.GroupWork;
import io.camure.protocol.group.Membership;
import io.camure.protocol.window.Audience;
import io.camure.protocol.window.Receiver;
import io.camure.protocol.window.SendWindow;
import io.camure.protocol.window.StreamSettings;
import io.camure.wire.Capability;
import io.camure.wire.ChunkHeader;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.DropReason;
import io.camure.wire.NodeIdentity;
import io.camure.wire.StreamDirection;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A broadcast at its coordinator: a send window whose audience are the members of the group. */
public final class BroadcastSending implements GroupWork, Audience {

    /** The smallest receive window that a node can be given. */
    private static final int LEAST_WINDOW_CHUNKS = 128;

    /** 64 chunks of the usual size, with what the kernel takes for each. */
    private static final int LEAST_BUFFER_BYTES = 64 * (1472 + 832);

    private final GroupContext group;
    private final SlowMemberPolicy slowMemberPolicy;
    private final SendWindow window;

    /** One for each node that was welcomed, attached to its membership. */
    private final List<Receiver> receivers = new ArrayList<>();

    BroadcastSending(GroupContext group, SlowMemberPolicy slowMemberPolicy, long firstSequence, Nonces nonces) {
        this.group = group;
        this.slowMemberPolicy = slowMemberPolicy;
        window = new SendWindow(
                this,
                new StreamSettings(
                        StreamDirection.DOWN,
                        group.id(),
                        group.epoch(),
                        firstSequence,
                        nonces,
                        group.link().settings().windowChunks(),
                        group.link().chunkBytes(),
                        slowMemberPolicy.patienceNanos()),
                group.link().outbox(),
                group.link().counters());
    }

    /** What is to be sent is written here. */
    public SendWindow window() {
        return window;
    }

    /** A message was written without its headers. */
    public void onHeadersLeftOut() {
        group.link().counters().onHeaders(HeaderOutcome.LEFT_OUT);
    }

    private static Receiver receiverOf(Membership member) {
        return member.attachment(Receiver.class);
    }

    @Override
    public void onAdmitted(Membership membership) {
        Receiver receiver = new Receiver(
                membership.identity(),
                new Receiver.Traits(
                        membership.can(Capability.STATUS_REPORTS),
                        header(membership),
                        membership.can(Capability.HEADERS),
                        atLeast(LEAST_WINDOW_CHUNKS, membership.peer().windowChunks(), membership),
                        atLeast(LEAST_BUFFER_BYTES, membership.peer().receiveBufferBytes(), membership)),
                new Receiver.Reachability(
                        membership.peer().hearing(), membership.peer().path()),
                membership.firstSequence(),
                window.receipts().passedNonces(membership.firstSequence()));
        membership.attach(receiver);
        receivers.add(receiver);
    }

    /** What a node offers that can't offer less than {@code least}: who claims to slows everybody down, or stops them. */
    private static int atLeast(int least, int offered, Membership membership) {
        return membership.can(Capability.HARDENED) ? Math.max(least, offered) : offered;
    }

    @Override
    public void onConfirmed(Membership member, long nowNanos) {
        receiverOf(member).confirm(nowNanos);
    }

    @Override
    public void onRemoved(Membership removed, Departure departure) {
        if (removed.state() != Membership.State.WAITING) {
            receivers.remove(receiverOf(removed));
        }
    }

    @Override
    public void onMembershipsChanged(long nowNanos) {
        window.onAudienceChanged(nowNanos);
    }

    @Override
    public void onReachChanged(long nowNanos) {
        window.onAudienceChanged(nowNanos);
    }

    @Override
    public void onChunk(Membership member, ChunkReader chunk, long nowNanos) {
        Receiver receiver = receiverOf(member);
        if (chunk.type() == ChunkType.BROADCAST_STATUS
                && member.can(Capability.HARDENED)
                && chunk.statusEpoch() != group.epoch()) {
            group.link().counters().onDropped(DropReason.UNIDENTIFIED);
        } else if (chunk.type() == ChunkType.BROADCAST_STATUS) {
            window.onStatusReport(receiver, chunk, nowNanos);
            if (nowNanos - group.link().settings().memberTimeoutNanos() >= receiver.disbelievedNanos()) {
                // It has taken what somebody else has sent, and can't ever prove again what it has.
                group.evict(member, DisconnectReason.UNPROVEN);
            }
        } else if (!receiver.reportsStatus()) {
            long sequence = window.sequenceOf(chunk.sequence());
            if (member.onAck(sequence, chunk.acknowledgesWelcome())) {
                window.onAck(receiver, sequence, nowNanos);
            }
        }
        // Who gives status reports acknowledges its welcome again, or a chunk that it did not take.
    }

    @Override
    public void onDeadline(long nowNanos) {
        window.onDeadline(nowNanos);
    }

    @Override
    public long nextDeadlineNanos() {
        return window.nextDeadlineNanos();
    }

    @Override
    public void onRoundTrip(long nanos) {
        window.onRoundTrip(nanos);
    }

    @Override
    public long roundTripNanos() {
        return window.roundTripNanos();
    }

    @Override
    public void onStopped(long nowNanos) {
        window.onStopped(nowNanos);
    }

    @Override
    public boolean isDrained() {
        return window.isDrained();
    }

    @Override
    public boolean mayAdmit(Membership waiting) {
        // A legacy peer takes whatever comes after its welcome for its own.
        ChunkHeader header = header(waiting);
        return window.canBegin(
                waiting.can(Capability.STATUS_REPORTS),
                header != ChunkHeader.PLAIN
                        && window.receipts().isMessageUnderstoodBy(header, waiting.can(Capability.HEADERS)),
                longestChunkBytes(waiting));
    }

    /** Of those chunks that were written before it was admitted: longer ones can be sent to it only in pieces, if at all. */
    private int longestChunkBytes(Membership waiting) {
        return waiting.peer().path().takesPieces()
                ? Integer.MAX_VALUE
                : waiting.peer().path().bytes() - group.link().outbox().overheadBytes();
    }

    /** That of the chunks which it understands, and bundles unless it is the plain one. */
    private ChunkHeader header(Membership membership) {
        if (!membership.can(Capability.BUNDLES) || !membership.can(Capability.TAGGED_CHUNKS)) {
            return ChunkHeader.PLAIN;
        }
        boolean proves = group.link().getsProofs(membership) && membership.can(Capability.STATUS_REPORTS);
        return proves ? ChunkHeader.NONCED : ChunkHeader.TAGGED;
    }

    @Override
    public String admissionObstacle() {
        List<NodeIdentity> holding = window.receipts().holding();
        return "a message is being written, and nobody is admitted before its end"
                + (holding.isEmpty()
                        ? ""
                        : ". That waits for "
                                + holding.stream().map(Format::node).collect(Collectors.joining(", ")) + ", which "
                                + (holding.size() == 1 ? "does" : "do") + " not read");
    }

    @Override
    public long nextSequence() {
        return window.nextMessage();
    }

    @Override
    public List<Receiver> receivers() {
        return receivers;
    }

    @Override
    public List<InetSocketAddress> destinations() {
        return group.destinations();
    }

    @Override
    public InetSocketAddress multicastAddress() {
        return group.link().settings().multicastAddress();
    }

    @Override
    public boolean isOpen() {
        return group.isFormed() && !group.isStopped();
    }

    @Override
    public boolean isAdmissionPending() {
        return group.isAdmissionPending();
    }

    @Override
    public void requestAdmission() {
        group.requestAdmission();
    }

    @Override
    public void onSlow(Receiver receiver) {
        for (Membership membership : group.memberships()) {
            if (membership.isMember() && receiverOf(membership) == receiver) {
                group.link().outbox().tell(new SessionEvent.MemberSlow(group.id(), membership.identity()));
                if (slowMemberPolicy.evicts()) {
                    group.evict(membership, DisconnectReason.TOO_SLOW);
                }
            }
        }
    }

    @Override
    public void onTooLong(Receiver receiver, int bytes) {
        group.link().outbox().tell(new SessionEvent.ChunkTooLong(group.id(), receiver.node(), bytes));
    }

    @Override
    public void onStillSlow(Receiver receiver, long slowNanos) {
        group.link().outbox().tell(new SessionEvent.MemberStillSlow(group.id(), receiver.node(), slowNanos));
    }

    @Override
    public void onCaughtUp(Receiver receiver) {
        group.link().outbox().tell(new SessionEvent.MemberCaughtUp(group.id(), receiver.node()));
    }

    @Override
    public void onCommandDone(long nowNanos) {
        group.onCommandDone(nowNanos);
    }
}
