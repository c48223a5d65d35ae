package io.camure.protocol.round;

import static java.util.concurrent.TimeUnit.MICROSECONDS;

import io.camure.protocol.base.Nonces;
import io.camure.protocol.base.Path;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.RoundTripEstimator;
import io.camure.protocol.group.DisconnectReason;
import io.camure.protocol.group.GroupContext;
import io.camure.protocol.group.GroupLink;
import io.camure.protocol.group.Membership;
import io.camure.wire.ChunkReader;
import io.camure.wire.DropReason;
import io.camure.wire.ReleaseProof;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The end of the last round, released or broken, from being told until each member knows it; each kind of group tells it by chunks of its own. */
public abstract class RoundEnd {

    /** The most members that get the first repetition each for itself; more of them get it by multicast. */
    private static final int UNICAST_REPEATS = 3;

    /** A member of which it is known that a chunk is too long for its path is told so often nevertheless: what is known may be late. */
    private static final int PATIENT_REPEATS = 3;

    private static final int NOT_TOLD = 0;

    protected final GroupContext group;
    protected final GroupLink link;
    private final RoundTripEstimator roundTrip = new RoundTripEstimator();
    private final RetryTimer timer = new RetryTimer(RoundTripEstimator.MAXIMUM_NANOS);

    /** The round that has ended. */
    private long round = -1;

    private int participants;

    /** Why the round was broken, or {@code null} when it was released. */
    private @Nullable RoundBreak broken;

    /** What stands for the round in traces; {@code null} for nothing. */
    private byte @Nullable [] context;

    private long toldNanos;

    /** What the release has that only who has received it knows. */
    private final Nonces nonces;

    private long nonce;

    /** Whether it was told again by multicast. */
    private boolean repeatedToAll;

    protected RoundEnd(GroupContext group, Nonces nonces) {
        this.group = group;
        this.nonces = nonces;
        link = group.link();
    }

    /**
     * Tells everybody that a round has ended.
     *
     * @param lastArrived the member that can take it for the answer to its arrival, or 0
     * @param standsForIt in traces; {@code null} for nothing
     */
    void tell(
            long ended,
            int participating,
            @Nullable RoundBreak why,
            int lastArrived,
            byte @Nullable [] standsForIt,
            long nowNanos) {
        round = ended;
        participants = participating;
        broken = why;
        context = standsForIt;
        nonce = nonces.of(ended);
        toldNanos = nowNanos;
        repeatedToAll = false;
        sendToAll(write(lastArrived));
        timer.start(nowNanos, roundTrip.timeoutNanos() + ArrivalAcks.ACK_DELAY_NANOS);
    }

    private void sendToAll(ByteBuffer written) {
        List<InetSocketAddress> destinations = group.destinations();
        for (int i = 0; i < destinations.size(); i++) {
            sendAhead(destinations.get(i));
            link.send(destinations.get(i), written);
        }
    }

    /**
     * Writes the chunk that tells the end.
     *
     * @param lastArrived the member that can take it for the answer to its arrival, or 0
     */
    protected abstract ByteBuffer write(int lastArrived);

    /** Sends what has to be there before the chunk that tells the end; mostly nothing. */
    protected void sendAhead(InetSocketAddress destination) {
        // The chunk says all.
    }

    protected final long round() {
        return round;
    }

    /** How many took part in the round. */
    protected final int participants() {
        return participants;
    }

    /** Why the round was broken, or {@code null} when it was released. */
    protected final @Nullable RoundBreak broken() {
        return broken;
    }

    /** What the release has that only who has received it knows. */
    protected final long nonce() {
        return nonce;
    }

    /** What stands for the round in traces; {@code null} for nothing. */
    protected final byte @Nullable [] context() {
        return context;
    }

    /** The longest chunk that gets to everyone. */
    protected final int longestBytes() {
        int bytes = link.chunkBytes();
        List<Membership> memberships = group.memberships();
        for (int i = 0; i < memberships.size(); i++) {
            int pathBytes =
                    memberships.get(i).peer().path().bytes() - link.outbox().overheadBytes();
            bytes = Math.min(bytes, pathBytes);
        }
        return bytes;
    }

    /** Tells a member that has shown that it does not know. */
    void tellAgain(Membership member, long nowNanos) {
        sendAhead(member.address());
        ByteBuffer end = write(NOT_TOLD);
        link.send(member.address(), end);
        MemberRounds rounds = MemberRounds.of(member);
        rounds.onToldAgain(round, true, nowNanos);
        link.counters().onRetransmission();
        int bytes = end.position() + link.outbox().overheadBytes();
        if (bytes > PathSizes.LEAST_BYTES) {
            onLongRepeated(member, bytes, rounds.timesToldAlone());
        }
    }

    /** Its length may be why it does not get there. If so, only a node that joins anew can go on: the result is the same for all. */
    private void onLongRepeated(Membership member, int bytes, int times) {
        Path path = member.peer().path();
        path.onRepaired(times);
        if (times > PATIENT_REPEATS && !path.isTried() && path.bytes() < bytes) {
            group.evict(member, DisconnectReason.NARROW_PATH);
        }
    }

    /**
     * Whether it is the member that says something from which it would follow that it knows of the end: it has said so before, or
     * tells the nonce of the release. Others can't prove it, and a broken round has none.
     */
    boolean believes(Membership member, ChunkReader said) {
        boolean proven = !isProven(member)
                || broken != null
                || MemberRounds.of(member).knowsEndOf(round)
                || ReleaseProof.in(said) == nonce;
        if (!proven) {
            link.counters().onDropped(DropReason.UNIDENTIFIED);
        }
        return proven;
    }

    /** Whether a member proves that it has received a release. */
    protected boolean isProven(Membership member) {
        return link.getsProofs(member);
    }

    /**
     * A member has shown that it knows.
     *
     * @param delayMicros how long it has known, or negative when that is not told
     */
    void onKnown(Membership member, long delayMicros, long nowNanos) {
        MemberRounds rounds = MemberRounds.of(member);
        if (rounds.knowsEndOf(round)) {
            return;
        }
        rounds.onEndKnown(round);
        long delayNanos = MICROSECONDS.toNanos(Math.max(0, delayMicros));
        if (!rounds.needsTellingAgain(round, nowNanos - delayNanos)) {
            member.peer().hearing().onHeard();
        } else if (rounds.wasToldAlone()) {
            member.peer().hearing().onUnheard();
        }
        // The arrival of a legacy peer at the next round may come any time after the release.
        if (delayMicros >= 0) {
            measure(rounds, nowNanos - toldNanos - delayNanos);
        }
    }

    /** One that is slow, or does not hear what goes to all, is waited for by itself. */
    private void measure(MemberRounds rounds, long elapsedNanos) {
        if (rounds.wasToldAgain(round)) {
            rounds.setPatience(
                    Math.min(Math.max(rounds.patienceNanos(), elapsedNanos), RoundTripEstimator.MAXIMUM_NANOS));
        } else {
            rounds.setPatience(0);
            roundTrip.onRoundTrip(elapsedNanos);
            rounds.onRoundTrip(Math.max(0, elapsedNanos));
        }
    }

    boolean isKnownToAll() {
        for (int i = 0; i < group.memberships().size(); i++) {
            if (isUnknownTo(group.memberships().get(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean isUnknownTo(Membership membership) {
        return membership.isMember() && !MemberRounds.of(membership).knowsEndOf(round);
    }

    void onDeadline(long nowNanos) {
        if (timer.isDue(nowNanos)) {
            repeat(nowNanos);
        }
    }

    /** By multicast only once, and only to many: who has not heard that either hears none perhaps. */
    private void repeat(long nowNanos) {
        if (isKnownToAll()) {
            timer.stop();
            return;
        }
        boolean byMulticast = !repeatedToAll && countUnknown(nowNanos) > UNICAST_REPEATS;
        repeatedToAll |= byMulticast;
        if (byMulticast) {
            link.counters().onRetransmission();
            sendAhead(link.settings().multicastAddress());
            link.send(link.settings().multicastAddress(), write(NOT_TOLD));
        }
        // However many of them: those whom a repetition has not reached may not get multicast at all.
        for (Membership membership : group.memberships()) {
            if (isDue(membership, nowNanos)) {
                if (byMulticast && membership.hears()) {
                    MemberRounds.of(membership).onToldAgain(round, false, nowNanos);
                } else {
                    tellAgain(membership, nowNanos);
                }
            }
        }
    }

    /** How many of those who hear what goes to all do not know. */
    private int countUnknown(long nowNanos) {
        int unknown = 0;
        for (Membership membership : group.memberships()) {
            if (membership.hears() && isDue(membership, nowNanos)) {
                unknown++;
            }
        }
        return unknown;
    }

    private boolean isDue(Membership membership, long nowNanos) {
        return isUnknownTo(membership)
                && nowNanos - toldNanos >= MemberRounds.of(membership).patienceNanos();
    }

    long nextDeadlineNanos() {
        return timer.deadlineNanos();
    }

    RoundTripEstimator roundTrip() {
        return roundTrip;
    }
}
