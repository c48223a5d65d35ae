package io.camure.protocol.barrier;

import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.camure.protocol.base.Departure;
import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.RoundTripEstimator;
import io.camure.protocol.group.DisconnectReason;
import io.camure.protocol.group.GroupWork;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.group.Membership;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.SequenceNumbers;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rounds of a barrier at its coordinator: a round is released when the coordinator and all members have arrived.
 *
 * <p>With N members of ours a round costs N + 1 datagrams: the release acknowledges the arrivals, and the next arrival the
 * release. Either is acknowledged by itself only when that has not happened within {@link #ACK_DELAY_NANOS}. The release
 * is repeated to who has neither acknowledged it nor arrived at the next round. A round needs at least one member, and the
 * first one all that are expected.
 *
 * <p>A round can also be broken: by {@link #reset}, or when a member is lost, where that is wanted. It ends for everyone who
 * was to take part, arrived or not, and is told as a release is. No round is broken before everybody knows of the end of
 * the one before, so that nobody ever lacks more than one.
 */
public final class BarrierRound implements GroupWork {

    /**
     * How long an answer may wait for a chunk that acknowledges as well. Whoever waits for the answer adds it to its
     * timer, as QUIC does with {@code max_ack_delay} (RFC 9002, section 6.2.1).
     */
    public static final long ACK_DELAY_NANOS = MILLISECONDS.toNanos(2);

    /** Up to so many get a repeated release each for itself; more of them one by multicast. */
    private static final int UNICAST_REPEATS = 3;

    /** So many lost members are named in a round's result; more come and go only while no round ends. */
    private static final int NAMED_LOST_MEMBERS = 1024;

    private static final int NOT_TOLD = 0;

    private final ManagedGroup group;
    private final InetSocketAddress multicastAddress;
    private final Outbox outbox;
    private final ProtocolCounters counters;
    private final RoundTripEstimator roundTrip = new RoundTripEstimator();
    private final RetryTimer releaseTimer = new RetryTimer(RoundTripEstimator.MAXIMUM_NANOS);
    private final List<InetSocketAddress> lost = new ArrayList<>();
    private final boolean breaksOnLoss;

    /** The current round: the first that has not ended. */
    private long round;

    private boolean coordinatorArrived;
    private int arrivedMembers;

    /** When the first node arrived at the current round; without a meaning before. */
    private long firstArrivalNanos;

    /** When arrivals that are not answered by a release are to be acknowledged. */
    private long ackNanos = RetryTimer.NEVER;

    /** Why the current round is to be broken, as soon as that is possible. */
    private RoundBreak.@Nullable Cause breakCause;

    private long releasedNanos;
    private boolean releaseRepeated;
    private int releasedParticipants;
    private int lastArrived;

    /** Why the last round was broken, or {@code null} when it was released. */
    private @Nullable RoundBreak lastBreak;

    private final RoundOutcome outcome = new RoundOutcome();

    public BarrierRound(
            ManagedGroup group,
            boolean breaksOnLoss,
            InetSocketAddress multicastAddress,
            Outbox outbox,
            ProtocolCounters counters) {
        this.breaksOnLoss = breaksOnLoss;
        this.group = group;
        this.multicastAddress = multicastAddress;
        this.outbox = outbox;
        this.counters = counters;
    }

    /**
     * The coordinator itself arrives; again is harmless. Gives back the round: the current one, or one that was broken before
     * the coordinator had arrived.
     */
    public long arrive(long nowNanos) {
        if (outcome.takeUnseenBreak()) {
            return outcome.round();
        }
        long arrivedAt = round;
        noteFirstArrival(nowNanos);
        coordinatorArrived = true;
        lastArrived = NOT_TOLD;
        endIfPossible(nowNanos);
        return arrivedAt;
    }

    /** Breaks the current round, if anybody has arrived at it. */
    public void reset(long nowNanos) {
        if (breakCause == null && hasArrivals()) {
            breakCause = RoundBreak.Cause.RESET;
            endIfPossible(nowNanos);
        }
    }

    public void onReached(Membership member, ChunkReader reached, long nowNanos) {
        long reachedRound = SequenceNumbers.extend(round, reached.sequence());
        if (reachedRound == round) {
            onArrival(member, reached, nowNanos);
        } else if (reachedRound == round - 1) {
            // It has not heard of the end of the round.
            sendEnd(member.address(), NOT_TOLD);
            counters.onRetransmission();
        } else {
            counters.onDropped(DropReason.OUT_OF_WINDOW);
        }
    }

    private void onArrival(Membership member, ChunkReader reached, long nowNanos) {
        long arrivedAt = round;
        boolean repeated = member.arrivedRound() == round;
        onReleaseKnown(member, reached.delayMicros(), nowNanos);
        if (round > arrivedAt) {
            // Broken by that: it is no arrival at the next one.
            return;
        }
        if (!repeated) {
            noteFirstArrival(nowNanos);
            member.arrive(round);
            member.setUnansweredArrival(nowNanos);
            arrivedMembers++;
            lastArrived = member.peer().id();
            endIfPossible(nowNanos);
        }
        if (round > arrivedAt) {
            return;
        }
        if (repeated || !member.can(Capability.IMPLICIT_ROUND_ACKS)) {
            acknowledge(member, nowNanos);
        } else if (ackNanos == RetryTimer.NEVER) {
            ackNanos = nowNanos + ACK_DELAY_NANOS;
        }
    }

    private void noteFirstArrival(long nowNanos) {
        if (!hasArrivals()) {
            firstArrivalNanos = nowNanos;
        }
    }

    private boolean hasArrivals() {
        return coordinatorArrived || arrivedMembers > 0;
    }

    private void acknowledge(Membership member, long nowNanos) {
        ByteBuffer chunk = outbox.control();
        if (member.can(Capability.IMPLICIT_ROUND_ACKS)) {
            // A repeated arrival is answered at once; it is not measured by who sent it.
            long sinceNanos = member.unansweredArrivalNanos();
            long delayNanos = sinceNanos == RetryTimer.NEVER ? 0 : nowNanos - sinceNanos;
            ChunkWriter.ack(
                    chunk,
                    group.id(),
                    round,
                    ChunkType.BARRIER_REACHED,
                    NANOSECONDS.toMicros(delayNanos),
                    member.membership());
        } else {
            ChunkWriter.sequenced(chunk, ChunkType.GROUP_ACK, group.id(), round);
        }
        member.setUnansweredArrival(RetryTimer.NEVER);
        outbox.sendWritten(member.address(), chunk);
    }

    @Override
    public void onAck(Membership member, ChunkReader ack, long nowNanos) {
        long acknowledged = SequenceNumbers.extend(round, ack.sequence());
        boolean ofRelease = ack.delayMicros() >= 0 || member.onAck(acknowledged, ack.acknowledgesWelcome());
        if (ofRelease && acknowledged == round - 1) {
            // A 0.1 node does not say how long it has waited, but acknowledges at once.
            onReleaseKnown(member, Math.max(0, ack.delayMicros()), nowNanos);
        }
    }

    /** A member has shown that it knows of the last release. */
    private void onReleaseKnown(Membership member, long delayMicros, long nowNanos) {
        if (member.acknowledgedRound() >= round - 1) {
            return;
        }
        member.acknowledge(round - 1);
        // The arrival of a 0.1 member at the next round may come any time after the release.
        if (delayMicros >= 0) {
            long elapsedNanos = nowNanos - releasedNanos - MICROSECONDS.toNanos(delayMicros);
            if (releaseRepeated) {
                roundTrip.onAnswerToRepetition(elapsedNanos);
            } else {
                roundTrip.onRoundTrip(elapsedNanos);
            }
        }
        if (breakCause != null) {
            endIfPossible(nowNanos);
        }
    }

    @Override
    public void onRosterChanged(long nowNanos) {
        endIfPossible(nowNanos);
    }

    @Override
    public void onRemoved(Membership removed, Departure departure) {
        if (removed.arrivedRound() == round) {
            arrivedMembers--;
        }
        if (departure == Departure.LOST && removed.isMember() && lost.size() < NAMED_LOST_MEMBERS) {
            lost.add(removed.address());
            if (breaksOnLoss && group.isFormed() && breakCause == null) {
                breakCause = RoundBreak.Cause.MEMBER_LOST;
            }
        }
    }

    private void endIfPossible(long nowNanos) {
        if (group.isStopped() || group.hasOpenAdmission()) {
            return;
        }
        RoundBreak.Cause cause = breakCause;
        if (cause != null) {
            if (isDrained()) {
                breakRound(cause, nowNanos);
            }
        } else if (coordinatorArrived
                && group.isFormed()
                && group.memberCount() > 0
                && arrivedMembers >= group.memberCount()) {
            end(null, nowNanos);
        }
    }

    private void breakRound(RoundBreak.Cause cause, long nowNanos) {
        breakCause = null;
        List<InetSocketAddress> missing = new ArrayList<>(lost);
        if (cause == RoundBreak.Cause.RESET) {
            missing.addAll(missingMembers());
        }
        end(new RoundBreak(cause, List.copyOf(missing)), nowNanos);
        group.evictWhoCannot(Capability.BROKEN_ROUNDS, DisconnectReason.BROKEN_ROUND, nowNanos);
    }

    private void end(@Nullable RoundBreak broken, long nowNanos) {
        lastBreak = broken;
        releasedParticipants = group.memberCount() + 1;
        outcome.onEnd(
                round,
                coordinatorArrived,
                releasedParticipants,
                lost.isEmpty() ? List.of() : List.copyOf(lost),
                broken);
        lost.clear();
        releasedNanos = nowNanos;
        releaseRepeated = false;
        round++;
        coordinatorArrived = false;
        arrivedMembers = 0;
        ackNanos = RetryTimer.NEVER;
        sendEnd(multicastAddress, lastArrived);
        releaseTimer.start(nowNanos, roundTrip.timeoutNanos() + ACK_DELAY_NANOS);
        group.admitWaiting(nowNanos);
    }

    /** @param lastMember who can take it for the answer to its arrival; only when it is sent for the first time */
    private void sendEnd(InetSocketAddress destination, int lastMember) {
        ByteBuffer chunk = outbox.control();
        RoundBreak broken = lastBreak;
        if (broken == null) {
            ChunkWriter.barrierReleased(chunk, group.id(), round - 1, releasedParticipants, group.epoch(), lastMember);
        } else {
            ChunkWriter.barrierBroken(
                    chunk, group.id(), round - 1, group.epoch(), broken.cause().ordinal(), broken.missing());
        }
        outbox.sendWritten(destination, chunk);
    }

    @Override
    public void onDeadline(long nowNanos) {
        if (nowNanos >= ackNanos) {
            ackNanos = RetryTimer.NEVER;
            acknowledgeArrivals(nowNanos);
        }
        if (releaseTimer.isDue(nowNanos)) {
            repeatRelease();
        }
    }

    private void acknowledgeArrivals(long nowNanos) {
        for (Membership participant : group.participants()) {
            if (participant.arrivedRound() == round && participant.unansweredArrivalNanos() != RetryTimer.NEVER) {
                acknowledge(participant, nowNanos);
            }
        }
    }

    private void repeatRelease() {
        List<Membership> unacknowledged =
                group.participants().stream().filter(this::lacksRelease).toList();
        if (unacknowledged.isEmpty()) {
            releaseTimer.stop();
        } else if (unacknowledged.size() <= UNICAST_REPEATS) {
            unacknowledged.forEach(participant -> repeatRelease(participant.address()));
        } else {
            repeatRelease(multicastAddress);
        }
    }

    private void repeatRelease(InetSocketAddress destination) {
        releaseRepeated = true;
        counters.onRetransmission();
        sendEnd(destination, NOT_TOLD);
    }

    private boolean lacksRelease(Membership participant) {
        return participant.isMember() && participant.acknowledgedRound() < round - 1;
    }

    @Override
    public long nextDeadlineNanos() {
        return Math.min(ackNanos, releaseTimer.deadlineNanos());
    }

    @Override
    public void onRoundTrip(long nanos) {
        roundTrip.onRoundTrip(nanos);
    }

    @Override
    public void onStopped(long nowNanos) {
        // What is not acknowledged yet will be within the delay that members may take.
    }

    @Override
    public boolean isDrained() {
        return group.participants().stream().noneMatch(this::lacksRelease);
    }

    @Override
    public boolean mayAdmit() {
        return breakCause == null;
    }

    @Override
    public long nextSequence() {
        return round;
    }

    /** How the last round that the coordinator has arrived at has ended; at first, a round -1. */
    public RoundOutcome outcome() {
        return outcome;
    }

    /** The members that have not arrived at the current round. */
    public List<InetSocketAddress> missingMembers() {
        return members(false);
    }

    /** The members that have arrived at the current round. */
    public List<InetSocketAddress> arrivedMembers() {
        return members(true);
    }

    private List<InetSocketAddress> members(boolean arrived) {
        return group.participants().stream()
                .filter(participant -> participant.isMember() && (participant.arrivedRound() == round) == arrived)
                .map(Membership::address)
                .toList();
    }

    /** Whether the coordinator has arrived at the current round. */
    public boolean hasCoordinatorArrived() {
        return coordinatorArrived;
    }

    /** When the first node arrived at the current round; without a meaning while none has. */
    public long firstArrivalNanos() {
        return firstArrivalNanos;
    }

    @Override
    public long roundTripNanos() {
        return roundTrip.smoothedNanos();
    }
}
