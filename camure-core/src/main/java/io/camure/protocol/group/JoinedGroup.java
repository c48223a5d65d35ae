package io.camure.protocol.group;

import io.camure.protocol.base.Disconnection;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.RoundTripEstimator;
import io.camure.protocol.base.SessionEvent;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.DropReason;
import io.camure.wire.GroupOrder;
import io.camure.wire.GroupType;
import io.camure.wire.NodeIdentity;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/**
 * A group at one of its members: getting in, being in, leaving, being out.
 *
 * @param <W> the work that is done in it, by its {@link GroupKind}
 */
public final class JoinedGroup<W extends MemberWork> {

    /** Where a member stands. */
    public enum State {
        JOINING,
        JOINED,
        LEAVING,
        OUT
    }

    private final GroupLabel label;
    private final GroupType type;
    private final MemberLink link;

    /** Where the coordinator has told it, if the label has none; until then {@link GroupLabel#NO_ID}. */
    private int id;

    /** Tells this membership from others of this node in the group and of its earlier incarnations. */
    private final int membership;

    private final W work;
    private final EnumSet<ChunkType> ofWork;
    private final RetryTimer timer = new RetryTimer(RoundTripEstimator.MAXIMUM_NANOS);
    private State state = State.JOINING;
    private final JoinHandshake handshake = new JoinHandshake();
    private boolean joined;
    private long leaveEndNanos;

    /** The coordinator, or another incarnation of it, has said that this node is no member. */
    private boolean doubted;

    /** Why this member is not in yet, as the coordinator said last; empty when it did not say. */
    private String pending = "";

    private @Nullable Disconnection disconnection;

    public JoinedGroup(GroupKind<?, ?, W> kind, GroupLabel label, MemberLink link) {
        this.label = label;
        id = label.id();
        this.link = link;
        type = kind.type();
        membership = link.nextMembership();
        work = kind.createMemberWork(membership, link);
        ofWork = EnumSet.copyOf(kind.fromCoordinator());
    }

    /** Asks to be admitted, until the coordinator answers. */
    public void join(long nowNanos) {
        handshake.onAsked(nowNanos);
        link.join(id, label.name(), type, membership);
        timer.start(nowNanos, RoundTripEstimator.INITIAL_NANOS);
    }

    /** The coordinator has told which id the group has that was asked for by its name. */
    public void onResolved(int itsId, long nowNanos) {
        id = itsId;
        join(nowNanos);
    }

    /** Whether the coordinator has yet to tell which id the group has. */
    public boolean isUnresolved() {
        return id == GroupLabel.NO_ID;
    }

    private void leave() {
        if (!isUnresolved()) {
            link.leave(id, membership);
        }
    }

    public void onChunk(ChunkReader chunk, long nowNanos) {
        int meant = chunk.membership();
        if (meant != 0 && meant != membership) {
            link.counters().onDropped(DropReason.EARLIER_INCARNATION);
            link.refuseMembership(chunk);
            return;
        }
        switch (chunk.type()) {
            case GROUP_WELCOME -> onWelcome(chunk, nowNanos);
            case GROUP_DISCONNECTED -> onDisconnected(chunk.reason());
            case GROUP_PENDING -> onPending(chunk);
            default -> {
                if (state == State.JOINED && handshake.isOfAnotherGroup(chunk)) {
                    link.counters().onDropped(DropReason.FOREIGN_SOURCE);
                } else if (state == State.JOINED && ofWork.contains(chunk.type())) {
                    work.onChunk(chunk, nowNanos);
                } else {
                    // Unacknowledged, so that it comes again once this member is in.
                    link.counters().onDropped(DropReason.UNEXPECTED);
                }
            }
        }
    }

    /** Whether a chunk tells this membership, or the group that this member is in. */
    public boolean recognizes(ChunkReader chunk) {
        int meant = chunk.membership();
        return meant == 0 ? handshake.isOfThisGroup(chunk) : meant == membership;
    }

    private void onWelcome(ChunkReader chunk, long nowNanos) {
        int sequence = chunk.sequence();
        switch (state) {
            case JOINING -> {
                if (isForAnotherMember(chunk) || link.isOfAnotherCoordinator(chunk)) {
                    link.counters().onDropped(DropReason.EARLIER_INCARNATION);
                    // Or the coordinator had forgotten this member, or has begun another life: it has to tell.
                    link.joinSession();
                    return;
                }
                state = State.JOINED;
                joined = true;
                timer.stop();
                handshake.onWelcome(chunk, link.roundTrip(), nowNanos);
                work.onWelcome(id, handshake.epoch(), GroupOrder.generation(chunk), GroupOrder.number(chunk), nowNanos);
                acknowledgeWelcome(nowNanos);
            }
            case JOINED -> {
                if (handshake.isOfAnotherGroup(chunk)) {
                    // Another incarnation of the coordinator answers the GroupJoin: it is to tell who it is.
                    link.counters().onDropped(DropReason.FOREIGN_SOURCE);
                    link.joinSession();
                } else {
                    onRepeatedWelcome(sequence, nowNanos);
                }
            }
            // The welcome was overtaken by the goodbye: the coordinator must not count on this member.
            case LEAVING, OUT -> leave();
        }
    }

    /** Such as one that had this address before. */
    private boolean isForAnotherMember(ChunkReader welcome) {
        return welcome.welcomedMember() != 0 && !link.isLegacy() && welcome.welcomedMember() != link.memberId();
    }

    /**
     * Acknowledges a repeated welcome only where that can't be taken for the acknowledgement of the first round or chunk:
     * when that one is here already, or when the welcome was sent after the acknowledgement should have arrived.
     */
    private void onRepeatedWelcome(int sequence, long nowNanos) {
        boolean certain = work.hasReceivedFirst() || handshake.isAcknowledgementLost(nowNanos);
        if (sequence == handshake.sequence() && certain) {
            acknowledgeWelcome(nowNanos);
        } else if (handshake.isBefore(sequence) && link.can(Capability.HARDENED)) {
            onLaterWelcome(sequence, nowNanos);
        } else {
            link.counters().onDropped(DropReason.DUPLICATE);
        }
    }

    /** The coordinator has not waited for the answer to its welcome. */
    private void onLaterWelcome(int sequence, long nowNanos) {
        if (work.onLaterWelcome(sequence, nowNanos)) {
            handshake.moveTo(sequence);
            acknowledgeWelcome(nowNanos);
        } else {
            leaveAtOnce(disconnection(DisconnectReason.TIMEOUT));
        }
    }

    private void acknowledgeWelcome(long nowNanos) {
        handshake.onAcknowledged(nowNanos);
        link.acknowledgeWelcome(id, handshake.sequence(), membership);
    }

    private void onPending(ChunkReader chunk) {
        if (state == State.JOINING) {
            pending = chunk.pendingReason();
        } else {
            link.counters().onDropped(DropReason.DUPLICATE);
        }
    }

    private void onDisconnected(String reason) {
        boolean answersLeave = reason.equals(DisconnectReason.LEAVE);
        switch (state) {
            case LEAVING -> end(new Disconnection(Disconnection.Cause.LEFT, "left the group"));
            case JOINED -> {
                // An answer to the leave of an earlier membership is late, not meant for this one.
                if (answersLeave) {
                    link.counters().onDropped(DropReason.DUPLICATE);
                } else if (reason.equals(DisconnectReason.NOT_A_MEMBER) && !link.isLegacy()) {
                    // By the coordinator that has evicted this member, or by another incarnation of it? That differs.
                    doubted = true;
                    link.joinSession();
                } else {
                    leave();
                    end(disconnection(reason));
                }
            }
            case JOINING -> {
                if (answersLeave || reason.equals(DisconnectReason.NOT_A_MEMBER)) {
                    link.counters().onDropped(DropReason.DUPLICATE);
                } else {
                    end(disconnection(reason));
                }
            }
            case OUT -> {
                // The confirmation was lost, or this is one more of those that were confirmed.
                if (!answersLeave) {
                    leave();
                }
            }
        }
    }

    /** The coordinator that said that this node is no member is the one that had admitted it. */
    public void onCoordinatorConfirmed() {
        if (doubted && state == State.JOINED) {
            leave();
            end(disconnection(DisconnectReason.NOT_A_MEMBER));
        }
    }

    private Disconnection disconnection(String reason) {
        return Disconnections.of(reason, label, id, type);
    }

    /** The group is over for this member, whatever it was doing. */
    public void end(Disconnection why) {
        if (state == State.OUT) {
            return;
        }
        state = State.OUT;
        work.onOut();
        disconnection = why;
        timer.stop();
        link.tell(new SessionEvent.Disconnected(id, why));
    }

    /** The group is over, though the coordinator may count on this member, which may have joined a moment ago. */
    public void leaveAtOnce(Disconnection why) {
        if (state != State.OUT) {
            leave();
            end(why);
        }
    }

    /** Says goodbye, and again until the coordinator answers or is taken not to know this member any more. */
    public void leave(long nowNanos) {
        if (state == State.JOINING && isUnresolved()) {
            end(new Disconnection(Disconnection.Cause.LEFT, "not asked for any more"));
        } else if (state == State.JOINING || state == State.JOINED) {
            state = State.LEAVING;
            leaveEndNanos = nowNanos + link.settings().coordinatorTimeoutNanos();
            leave();
            timer.start(nowNanos, link.roundTrip().timeoutNanos());
        }
    }

    public void onDeadline(long nowNanos) {
        if (state == State.LEAVING && nowNanos >= leaveEndNanos) {
            end(new Disconnection(Disconnection.Cause.LEFT, "left the group, without an answer"));
        }
        if (timer.isDue(nowNanos)) {
            link.counters().onRetransmission();
            if (state == State.JOINING) {
                handshake.onAskedAgain();
                link.join(id, label.name(), type, membership);
            } else {
                leave();
            }
        }
        if (state == State.JOINED) {
            work.onDeadline(nowNanos);
        }
    }

    public long nextDeadlineNanos() {
        return switch (state) {
            case JOINED -> work.nextDeadlineNanos();
            case LEAVING -> Math.min(timer.deadlineNanos(), leaveEndNanos);
            case JOINING, OUT -> timer.deadlineNanos();
        };
    }

    public int id() {
        return id;
    }

    public GroupLabel label() {
        return label;
    }

    /** As logs and errors call it: {@code barrier prices}, or {@code barrier 0} when it has no name. */
    public String describe() {
        return label.describe(type);
    }

    /** Who runs the group. */
    public NodeIdentity coordinator() {
        return link.coordinator();
    }

    public GroupType type() {
        return type;
    }

    public State state() {
        return state;
    }

    /** Whether this member is in the group, or was. */
    public boolean wasJoined() {
        return joined;
    }

    /** Why this member is not in yet, as the coordinator said last; empty when it did not say, as legacy peers don't. */
    public String pending() {
        return pending;
    }

    /** The number of this membership. */
    public int membership() {
        return membership;
    }

    /** Why this member is out, once it is. */
    public @Nullable Disconnection disconnection() {
        return disconnection;
    }

    /** What this member does in the group: its arrivals, or what it receives. */
    public W work() {
        return work;
    }
}
