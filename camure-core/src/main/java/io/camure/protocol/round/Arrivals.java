package io.camure.protocol.round;

import io.camure.protocol.group.Membership;
import org.jspecify.annotations.Nullable;

/** Who has arrived at the current round of a group, counted, and recorded from when somebody wants to know. */
final class Arrivals {

    private static final int COORDINATOR = 0;

    private boolean coordinatorArrived;
    private int members;
    private long firstNanos;
    private int last;

    /** What is recorded; {@code null} until somebody wants to know. */
    private @Nullable ArrivalRecord record;

    /** The coordinator arrives; again is harmless. */
    void onCoordinator(long nowNanos) {
        if (!coordinatorArrived) {
            note(null, nowNanos);
        }
        coordinatorArrived = true;
        last = COORDINATOR;
    }

    /** A member arrives for the first time. */
    void onMember(Membership member, long round, long nowNanos) {
        note(member, nowNanos);
        MemberRounds.of(member).onArrival(round, nowNanos);
        members++;
        last = member.peer().id();
    }

    /** @param member {@code null} is the coordinator */
    private void note(@Nullable Membership member, long nowNanos) {
        if (!areAny()) {
            firstNanos = nowNanos;
        }
        ArrivalRecord to = record;
        if (to != null) {
            to.onArrival(member, nowNanos);
        }
    }

    /** A member that had arrived goes. */
    void onGone(Membership member) {
        members--;
        if (record != null) {
            record.onGone(member);
        }
    }

    /** The round ends. */
    void onEnd(long round, boolean broken, long nowNanos) {
        ArrivalRecord to = record;
        if (to != null) {
            to.onEnd(round, broken, nowNanos);
        }
        coordinatorArrived = false;
        members = 0;
    }

    boolean areAny() {
        return coordinatorArrived || members > 0;
    }

    boolean hasCoordinator() {
        return coordinatorArrived;
    }

    int members() {
        return members;
    }

    /** When the first participant arrived; without a meaning before. */
    long firstNanos() {
        return firstNanos;
    }

    /** The id of the member that arrived last, or 0 for the coordinator. */
    int last() {
        return last;
    }

    /** @param rounds how many of the last ones are kept; taken at the first call */
    ArrivalRecord record(int rounds) {
        ArrivalRecord now = record;
        if (now == null) {
            now = new ArrivalRecord(rounds);
            record = now;
        }
        return now;
    }
}
