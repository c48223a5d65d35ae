package io.camure.protocol.round;

import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.group.GroupContext;
import io.camure.protocol.group.Membership;
import io.camure.wire.NodeIdentity;
import java.util.List;

/** How far a member is with the rounds of its group, as the coordinator knows it. */
public class MemberRounds {

    /** The last round at which it arrived; less than the current one while it is missing. */
    private long arrivedRound = -1;

    /** The last round of which it knows that it has ended. */
    private long acknowledgedRound;

    /** The last round of which it was told again that it has ended, when that was first, and whether to it alone. */
    private long toldAgainRound = -1;

    private long toldAgainNanos;
    private int timesToldAlone;
    private boolean toldAlone;

    /** How long after a round's end it is told again at the earliest: the time that its last answer took, if that came late. */
    private long patienceNanos;

    /** When it arrived, while that has not been answered; {@link RetryTimer#NEVER} otherwise. */
    private long unansweredArrivalNanos = RetryTimer.NEVER;

    /** How often it was the last to arrive and how long the others waited for it, while that is recorded. */
    private long timesLast;

    private long waitNanos;

    /** How long it takes to answer, smoothed; negative while that was not measured. */
    private long roundTripNanos = -1;

    /** @param firstRound the first round that it takes part in */
    public MemberRounds(long firstRound) {
        acknowledgedRound = firstRound - 1;
    }

    static MemberRounds of(Membership member) {
        return member.attachment(MemberRounds.class);
    }

    /** The members that have arrived at a round, or have not. */
    static List<NodeIdentity> members(GroupContext group, long round, boolean arrived) {
        return group.memberships().stream()
                .filter(membership -> membership.isMember() && of(membership).hasArrivedAt(round) == arrived)
                .map(Membership::identity)
                .toList();
    }

    boolean hasArrivedAt(long round) {
        return arrivedRound == round;
    }

    void onArrival(long round, long nowNanos) {
        arrivedRound = round;
        unansweredArrivalNanos = nowNanos;
    }

    boolean knowsEndOf(long round) {
        return acknowledgedRound >= round;
    }

    void onEndKnown(long round) {
        acknowledgedRound = round;
    }

    /** It was told again that a round has ended. */
    void onToldAgain(long round, boolean alone, long nowNanos) {
        if (toldAgainRound != round) {
            toldAgainRound = round;
            toldAgainNanos = nowNanos;
            toldAlone = false;
            timesToldAlone = 0;
        }
        toldAlone |= alone;
        timesToldAlone += alone ? 1 : 0;
    }

    /** How often it was told so to it alone. */
    int timesToldAlone() {
        return timesToldAlone;
    }

    boolean wasToldAgain(long round) {
        return toldAgainRound == round;
    }

    /** Whether it can't have known of the end of a round at a time but for having been told again. */
    boolean needsTellingAgain(long round, long knownNanos) {
        return toldAgainRound == round && knownNanos >= toldAgainNanos;
    }

    /** Whether it was told the end of the last round of which it was told again to it alone. */
    boolean wasToldAlone() {
        return toldAlone;
    }

    long patienceNanos() {
        return patienceNanos;
    }

    void setPatience(long nanos) {
        patienceNanos = nanos;
    }

    boolean hasUnansweredArrival() {
        return unansweredArrivalNanos != RetryTimer.NEVER;
    }

    /**
     * Its arrival is answered.
     *
     * @return how long that took, or 0 when the arrival had been answered before
     */
    long answer(long nowNanos) {
        long delayNanos = hasUnansweredArrival() ? nowNanos - unansweredArrivalNanos : 0;
        unansweredArrivalNanos = RetryTimer.NEVER;
        return delayNanos;
    }

    void onLast(long nanos) {
        timesLast++;
        waitNanos += nanos;
    }

    long timesLast() {
        return timesLast;
    }

    long waitNanos() {
        return waitNanos;
    }

    void onRoundTrip(long nanos) {
        // As TCP smooths it (RFC 6298).
        roundTripNanos = roundTripNanos < 0 ? nanos : roundTripNanos + (nanos - roundTripNanos) / 8;
    }

    long roundTripNanos() {
        return roundTripNanos;
    }
}
