package io.camure.protocol.group;

import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.RoundTripEstimator;
import io.camure.protocol.window.DeliveryProgress;
import io.camure.wire.Capability;
import io.camure.wire.SequenceNumbers;
import java.net.InetSocketAddress;

/** A node in one group, from its first GroupJoin on. */
public final class Membership {

    public enum State {
        /** It asked to join and was not answered yet. */
        WAITING,
        /** It was sent a GroupWelcome, which it has not acknowledged. */
        WELCOMED,
        MEMBER
    }

    private final Peer peer;
    private final int membership;
    private final RetryTimer welcomeTimer = new RetryTimer(RoundTripEstimator.MAXIMUM_NANOS);
    private State state = State.WAITING;
    private long welcomeSequence;
    private long welcomedNanos;
    private long sinceNanos;
    private int welcomesSent;
    private int acksOfWelcomeSequence;
    private boolean marksWelcomeAcks;

    /** The last round at which it arrived; less than the current one while it is missing. */
    private long arrivedRound = -1;

    /** The last round of which it knows that it was released. */
    private long acknowledgedRound = -1;

    /** When it arrived, while that has not been answered; {@link RetryTimer#NEVER} otherwise. */
    private long unansweredArrivalNanos = RetryTimer.NEVER;

    /** How far it is with the chunks of a broadcast. */
    private final DeliveryProgress progress = new DeliveryProgress();

    /** @param membership the number that the node has given to it, or 0 from a 0.1 node */
    public Membership(Peer peer, int membership) {
        this.peer = peer;
        this.membership = membership;
    }

    public int membership() {
        return membership;
    }

    /** Whether a chunk of the node may be of this membership; one that does not say may be. */
    public boolean isOf(int otherMembership) {
        return otherMembership == 0 || membership == 0 || otherMembership == membership;
    }

    /** Whether the same run of the node has begun another membership since, so that it can't be in this one any more. */
    public boolean isFollowedBy(int otherMembership) {
        return !isOf(otherMembership) && otherMembership - membership > 0;
    }

    public Peer peer() {
        return peer;
    }

    public InetSocketAddress address() {
        return peer.address();
    }

    public boolean can(Capability capability) {
        return peer.can(capability);
    }

    public State state() {
        return state;
    }

    public boolean isMember() {
        return state == State.MEMBER;
    }

    public RetryTimer welcomeTimer() {
        return welcomeTimer;
    }

    public long welcomeSequence() {
        return welcomeSequence;
    }

    public long welcomedNanos() {
        return welcomedNanos;
    }

    /** Since when it is a member. */
    public long sinceNanos() {
        return sinceNanos;
    }

    public void welcome(long sequence, long nowNanos) {
        state = State.WELCOMED;
        welcomeSequence = sequence;
        welcomedNanos = nowNanos;
        acknowledgedRound = sequence - 1;
        progress.start(sequence, can(Capability.STATUS_REPORTS) ? sequence + peer.windowChunks() : Long.MAX_VALUE);
    }

    public void onWelcomeSent() {
        welcomesSent++;
    }

    /** Whether its answer is one to the only welcome that there was, and so tells the round trip. */
    public boolean wasWelcomedOnce() {
        return welcomesSent == 1;
    }

    public void confirm(long nowNanos) {
        state = State.MEMBER;
        sinceNanos = nowNanos;
        welcomeTimer.stop();
    }

    /**
     * Takes an acknowledgement.
     *
     * <p>From a 0.1 node, the acknowledgement of the welcome is the same datagram as that of the chunk or round with the
     * welcome's number. So that none of them is taken for the other, such a chunk counts as acknowledged only when there
     * were more acknowledgements than welcomes; until then it is repeated, which brings another.
     *
     * @param ofWelcome whether it is marked as that of the welcome
     * @return whether it proves that the chunk or round was received
     */
    public boolean onAck(long sequence, boolean ofWelcome) {
        marksWelcomeAcks |= ofWelcome;
        if (sequence != welcomeSequence) {
            return true;
        }
        acksOfWelcomeSequence++;
        return !ofWelcome && (marksWelcomeAcks || acksOfWelcomeSequence > welcomesSent);
    }

    public boolean isWelcomeAck(int wireSequence) {
        return SequenceNumbers.toWire(welcomeSequence) == wireSequence;
    }

    public long arrivedRound() {
        return arrivedRound;
    }

    public void arrive(long round) {
        arrivedRound = round;
    }

    public long acknowledgedRound() {
        return acknowledgedRound;
    }

    public void acknowledge(long round) {
        acknowledgedRound = round;
    }

    public long unansweredArrivalNanos() {
        return unansweredArrivalNanos;
    }

    public void setUnansweredArrival(long nanos) {
        unansweredArrivalNanos = nanos;
    }

    public DeliveryProgress progress() {
        return progress;
    }
}
