package io.camure.protocol;

import io.camure.wire.ChunkReader;
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
 * <p>The release answers the arrival that completes the round; the others are acknowledged as they come. It is repeated
 * to who has neither acknowledged it nor arrived at the next round. A round needs at least one member, and the first one
 * all that are expected.
 */
public final class BarrierRound implements GroupWork {

    /** Up to so many get a repeated release each for itself; more of them one by multicast. */
    private static final int UNICAST_REPEATS = 3;

    /** So many lost members are named in a round's result; more come and go only while no round ends. */
    private static final int NAMED_LOST_MEMBERS = 1024;

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
    private long releasedNanos;
    private boolean releaseRepeated;
    private int releasedParticipants;
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
        releaseIfComplete(nowNanos);
        return arrivedAt;
    }

    void onReached(Participant member, int wireRound, long nowNanos) {
        long reached = SequenceNumbers.extend(round, wireRound);
        if (reached == round) {
            acknowledgeRelease(member, nowNanos);
            if (member.arrivedRound() != round) {
                member.arrive(round);
                arrivedMembers++;
                releaseIfComplete(nowNanos);
            }
            if (reached == round) {
                group.acknowledge(member.address(), reached);
            }
        } else if (reached == round - 1) {
            // It has not heard that it may go on.
            sendRelease(member.address());
            counters.onRetransmission();
        } else {
            counters.onRefused(Refusal.OUT_OF_WINDOW);
        }
    }

    @Override
    public void onAck(Participant member, ChunkReader ack, long nowNanos) {
        long acknowledged = SequenceNumbers.extend(round, ack.sequence());
        if (member.onAck(acknowledged, ack.acknowledgesWelcome()) && acknowledged == round - 1) {
            acknowledgeRelease(member, nowNanos);
        }
    }

    private void acknowledgeRelease(Participant member, long nowNanos) {
        if (member.isReleaseAcknowledged()) {
            return;
        }
        member.setReleaseAcknowledged(true);
        if (!releaseRepeated) {
            roundTrip.onRoundTrip(nowNanos - releasedNanos);
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
        for (Participant participant : group.participants()) {
            participant.setReleaseAcknowledged(!participant.isMember());
        }
        sendRelease(multicastAddress);
        releaseTimer.start(nowNanos, roundTrip.timeoutNanos());
        group.admitWaiting(nowNanos);
    }

    private void sendRelease(InetSocketAddress destination) {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.barrierReleased(chunk, group.id(), round - 1, releasedParticipants, group.sessionNumber());
        outbox.sendWritten(destination, chunk);
    }

    @Override
    public void onDeadline(long nowNanos) {
        if (!releaseTimer.isDue(nowNanos)) {
            return;
        }
        List<Participant> unacknowledged = group.participants().stream()
                .filter(participant -> !participant.isReleaseAcknowledged())
                .toList();
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
        sendRelease(destination);
    }

    @Override
    public long nextDeadlineNanos() {
        return releaseTimer.deadlineNanos();
    }

    @Override
    public boolean isDrained() {
        return group.participants().stream().allMatch(Participant::isReleaseAcknowledged);
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
