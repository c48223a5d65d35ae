package io.camure.protocol;

import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.Refusal;
import io.camure.wire.SequenceNumbers;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The rounds of a barrier at its coordinator: a round is released when the coordinator and all members have arrived.
 *
 * <p>With N members of ours a round costs N + 1 datagrams: the release acknowledges the arrivals, and the next arrival the
 * release. Either is acknowledged by itself only when that has not happened within {@link #ACK_DELAY_NANOS}. The release
 * is repeated to who has neither acknowledged it nor arrived at the next round. A round needs at least one member, and the
 * first one all that are expected.
 */
public final class BarrierRound implements GroupWork {

    /**
     * How long an answer may wait for a chunk that acknowledges as well. Whoever waits for the answer adds it to its
     * timer, as QUIC does with {@code max_ack_delay} (RFC 9002, section 6.2.1).
     */
    static final long ACK_DELAY_NANOS = MILLISECONDS.toNanos(2);

    /** Up to so many get a repeated release each for itself; more of them one by multicast. */
    private static final int UNICAST_REPEATS = 3;

    /** So many lost members are named in a round's result; more come and go only while no round ends. */
    private static final int NAMED_LOST_MEMBERS = 1024;

    private static final int NOT_TOLD = 0;

    private final CoordinatorGroup group;
    private final InetSocketAddress multicastAddress;
    private final Outbox outbox;
    private final ProtocolCounters counters;
    private final RoundTripEstimator roundTrip = new RoundTripEstimator();
    private final RetryTimer releaseTimer = new RetryTimer(RoundTripEstimator.MAXIMUM_NANOS);
    private final List<InetSocketAddress> lost = new ArrayList<>();

    /** The current round: the first that is not released. */
    private long round;

    private boolean coordinatorArrived;
    private int arrivedMembers;

    /** When arrivals that are not answered by a release are to be acknowledged. */
    private long ackNanos = RetryTimer.NEVER;

    private long releasedNanos;
    private boolean releaseRepeated;
    private int releasedParticipants;
    private int lastArrived;
    private List<InetSocketAddress> releasedLost = List.of();

    BarrierRound(CoordinatorGroup group, InetSocketAddress multicastAddress, Outbox outbox, ProtocolCounters counters) {
        this.group = group;
        this.multicastAddress = multicastAddress;
        this.outbox = outbox;
        this.counters = counters;
    }

    /** The coordinator itself arrives; again is harmless. Gives back the round. */
    public long arrive(long nowNanos) {
        long arrivedAt = round;
        coordinatorArrived = true;
        lastArrived = NOT_TOLD;
        releaseIfComplete(nowNanos);
        return arrivedAt;
    }

    void onReached(Participant member, ChunkReader reached, long nowNanos) {
        long reachedRound = SequenceNumbers.extend(round, reached.sequence());
        if (reachedRound == round) {
            onArrival(member, reached, nowNanos);
        } else if (reachedRound == round - 1) {
            // It has not heard that it may go on.
            sendRelease(member.address(), NOT_TOLD);
            counters.onRetransmission();
        } else {
            counters.onRefused(Refusal.OUT_OF_WINDOW);
        }
    }

    private void onArrival(Participant member, ChunkReader reached, long nowNanos) {
        long arrivedAt = round;
        boolean repeated = member.arrivedRound() == round;
        onReleaseKnown(member, reached.delayMicros(), nowNanos);
        if (!repeated) {
            member.arrive(round);
            member.setUnansweredArrival(nowNanos);
            arrivedMembers++;
            lastArrived = member.peer().id();
            releaseIfComplete(nowNanos);
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

    private void acknowledge(Participant member, long nowNanos) {
        ByteBuffer chunk = outbox.control();
        if (member.can(Capability.IMPLICIT_ROUND_ACKS)) {
            // A repeated arrival is answered at once; it is not measured by who sent it.
            long sinceNanos = member.unansweredArrivalNanos();
            long delayNanos = sinceNanos == RetryTimer.NEVER ? 0 : nowNanos - sinceNanos;
            ChunkWriter.roundAck(chunk, group.id(), round, ChunkType.BARRIER_REACHED, NANOSECONDS.toMicros(delayNanos));
        } else {
            ChunkWriter.sequenced(chunk, ChunkType.GROUP_ACK, group.id(), round);
        }
        member.setUnansweredArrival(RetryTimer.NEVER);
        outbox.sendWritten(member.address(), chunk);
    }

    @Override
    public void onAck(Participant member, ChunkReader ack, long nowNanos) {
        long acknowledged = SequenceNumbers.extend(round, ack.sequence());
        boolean ofRelease = ack.delayMicros() >= 0 || member.onAck(acknowledged, ack.acknowledgesWelcome());
        if (ofRelease && acknowledged == round - 1) {
            // A 0.1 node does not say how long it has waited, but acknowledges at once.
            onReleaseKnown(member, Math.max(0, ack.delayMicros()), nowNanos);
        }
    }

    /** A member has shown that it knows of the last release. */
    private void onReleaseKnown(Participant member, long delayMicros, long nowNanos) {
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
    }

    @Override
    public void onRosterChanged(long nowNanos) {
        releaseIfComplete(nowNanos);
    }

    @Override
    public void onRemoved(Participant removed, Departure departure) {
        if (removed.arrivedRound() == round) {
            arrivedMembers--;
        }
        if (departure == Departure.LOST && removed.isMember() && lost.size() < NAMED_LOST_MEMBERS) {
            lost.add(removed.address());
        }
    }

    private void releaseIfComplete(long nowNanos) {
        if (!coordinatorArrived
                || !group.isFormed()
                || group.isStopped()
                || group.hasOpenAdmission()
                || group.memberCount() == 0
                || arrivedMembers < group.memberCount()) {
            return;
        }
        releasedParticipants = group.memberCount() + 1;
        releasedLost = lost.isEmpty() ? List.of() : List.copyOf(lost);
        lost.clear();
        releasedNanos = nowNanos;
        releaseRepeated = false;
        round++;
        coordinatorArrived = false;
        arrivedMembers = 0;
        ackNanos = RetryTimer.NEVER;
        sendRelease(multicastAddress, lastArrived);
        releaseTimer.start(nowNanos, roundTrip.timeoutNanos() + ACK_DELAY_NANOS);
        group.admitWaiting(nowNanos);
    }

    /** @param lastMember who can take it for the answer to its arrival; only when it is sent for the first time */
    private void sendRelease(InetSocketAddress destination, int lastMember) {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.barrierReleased(
                chunk, group.id(), round - 1, releasedParticipants, group.sessionNumber(), lastMember);
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
        for (Participant participant : group.participants()) {
            if (participant.arrivedRound() == round && participant.unansweredArrivalNanos() != RetryTimer.NEVER) {
                acknowledge(participant, nowNanos);
            }
        }
    }

    private void repeatRelease() {
        List<Participant> unacknowledged =
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
        sendRelease(destination, NOT_TOLD);
    }

    private boolean lacksRelease(Participant participant) {
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
        return true;
    }

    @Override
    public long nextSequence() {
        return round;
    }

    /** The last released round, or -1 before the first. */
    public long releasedRound() {
        return round - 1;
    }

    /** How many took part in the last released round, the coordinator included. */
    public int releasedParticipants() {
        return releasedParticipants;
    }

    /** Which members were lost between the last released round and the one before it. */
    public List<InetSocketAddress> releasedLost() {
        return releasedLost;
    }

    /** The members that have not arrived at the current round. */
    public List<InetSocketAddress> missingMembers() {
        return group.participants().stream()
                .filter(participant -> participant.isMember() && participant.arrivedRound() != round)
                .map(Participant::address)
                .toList();
    }
}
