package io.camure.protocol.round;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.group.GroupContext;
import io.camure.protocol.group.GroupLink;
import io.camure.protocol.group.Membership;
import io.camure.wire.Capability;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import java.nio.ByteBuffer;

/**
 * The acknowledgements of arrivals that no release has answered: after {@link #ACK_DELAY_NANOS}, and at once to
 * who repeats its arrival or is a legacy peer, which does not take a release for one.
 */
final class ArrivalAcks {

    /**
     * How long an answer may wait for a chunk that acknowledges as well. Whoever waits for the answer adds it to its
     * timer, as QUIC does with {@code max_ack_delay} (RFC 9002, section 6.2.1).
     */
    static final long ACK_DELAY_NANOS = MILLISECONDS.toNanos(2);

    private final GroupContext group;
    private final ChunkType arrival;
    private final GroupLink link;

    /** When the arrivals that were not answered are to be acknowledged. */
    private long dueNanos = RetryTimer.NEVER;

    /** @param arrival what is acknowledged */
    ArrivalAcks(GroupContext group, ChunkType arrival) {
        this.group = group;
        this.arrival = arrival;
        link = group.link();
    }

    /** A member has arrived, and its round goes on. */
    void onArrival(Membership member, long round, boolean repeated, long nowNanos) {
        if (repeated || !member.can(Capability.IMPLICIT_ROUND_ACKS)) {
            acknowledge(member, round, nowNanos);
        } else if (dueNanos == RetryTimer.NEVER) {
            dueNanos = nowNanos + ACK_DELAY_NANOS;
        }
    }

    /** Acknowledges what a member says of its arrival, at once. */
    void acknowledge(Membership member, long round, long nowNanos) {
        ByteBuffer chunk = link.control();
        // A repeated arrival is answered at once; it is not measured by who sent it.
        long delayNanos = MemberRounds.of(member).answer(nowNanos);
        if (member.can(Capability.IMPLICIT_ROUND_ACKS)) {
            ChunkWriter.ack(chunk, group.id(), round, arrival, NANOSECONDS.toMicros(delayNanos), member.number());
        } else {
            ChunkWriter.sequenced(chunk, ChunkType.GROUP_ACK, group.id(), round);
        }
        link.send(member.address(), chunk);
    }

    /** The end of the round answers all who have arrived at it. */
    void onRoundEnded() {
        dueNanos = RetryTimer.NEVER;
    }

    void onDeadline(long round, long nowNanos) {
        if (nowNanos < dueNanos) {
            return;
        }
        dueNanos = RetryTimer.NEVER;
        for (Membership membership : group.memberships()) {
            if (membership.isMember()) {
                MemberRounds rounds = MemberRounds.of(membership);
                if (rounds.hasArrivedAt(round) && rounds.hasUnansweredArrival()) {
                    acknowledge(membership, round, nowNanos);
                }
            }
        }
    }

    long nextDeadlineNanos() {
        return dueNanos;
    }
}
