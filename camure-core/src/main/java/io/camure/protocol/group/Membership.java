package io.camure.protocol.group;

import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.RoundTripEstimator;
import io.camure.wire.Capability;
import io.camure.wire.NodeIdentity;
import io.camure.wire.SequenceNumbers;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A node in one group as its coordinator knows it, from the node's first GroupJoin until it leaves or is removed. */
public final class Membership {

    /** Where a node stands on its way in. */
    public enum State {
        /** It asked to join and was not answered yet. */
        WAITING,
        /** It was sent a GroupWelcome, which it has not acknowledged. */
        WELCOMED,
        MEMBER
    }

    private final Peer peer;
    private final int number;
    private final RetryTimer welcomeTimer = new RetryTimer(RoundTripEstimator.MAXIMUM_NANOS);
    private State state = State.WAITING;
    private long firstSequence;
    private long welcomedNanos;
    private long sinceNanos;
    private int welcomesSent;

    /** When it was first welcomed, how long the group waits for its answer to the last welcome, and how many it withdrew. */
    private long firstWelcomedNanos;

    private long patienceNanos;
    private int withdrawals;

    /** Whether it has said nothing since its welcome was withdrawn. */
    private boolean silent;

    private int acksOfFirstSequence;
    private boolean marksWelcomeAcks;

    /** What the work of the group keeps of this member. */
    private @Nullable Object attachment;

    /** @param number what the node calls it, or 0 from a legacy peer */
    Membership(Peer peer, int number) {
        this.peer = peer;
        this.number = number;
    }

    public int number() {
        return number;
    }

    boolean isOfLegacyPeer() {
        return number == 0;
    }

    /** Whether the node numbers all that it says in the group, so that anything without a number was said by somebody else. */
    boolean isIdentified() {
        return number != 0 && can(Capability.HARDENED);
    }

    /** Whether a chunk of the node may be of this membership; one that does not say may be. */
    boolean isOf(int otherNumber) {
        return otherNumber == 0 || number == 0 || otherNumber == number;
    }

    /** Whether the node, and nobody in its name, has said that it is of this membership. */
    boolean isSaidWith(int otherNumber) {
        return isIdentified() ? otherNumber == number : isOf(otherNumber);
    }

    /** Whether the same incarnation of the node has begun another membership since, so that it can't be in this one any more. */
    boolean isFollowedBy(int otherNumber) {
        return !isOf(otherNumber) && otherNumber - number > 0;
    }

    public Peer peer() {
        return peer;
    }

    public NodeIdentity identity() {
        return peer.identity();
    }

    public InetSocketAddress address() {
        return peer.address();
    }

    public boolean can(Capability capability) {
        return peer.can(capability);
    }

    /** Whether it is served by multicast. */
    public boolean hears() {
        return peer.hearing().hears();
    }

    public State state() {
        return state;
    }

    public boolean isMember() {
        return state == State.MEMBER;
    }

    /** Gives the work of the group a place for what it keeps of this member. */
    public void attach(Object kept) {
        attachment = kept;
    }

    /** What was attached, which is of the given type. */
    public <T> T attachment(Class<T> type) {
        return Objects.requireNonNull(type.cast(attachment));
    }

    RetryTimer welcomeTimer() {
        return welcomeTimer;
    }

    /** The first round or chunk that counts for it. */
    public long firstSequence() {
        return firstSequence;
    }

    long welcomedNanos() {
        return welcomedNanos;
    }

    /** Since when it is a member. */
    long sinceNanos() {
        return sinceNanos;
    }

    void welcome(long sequence, long patience, long nowNanos) {
        state = State.WELCOMED;
        firstSequence = sequence;
        welcomedNanos = nowNanos;
        patienceNanos = patience;
        welcomesSent = 0;
        acksOfFirstSequence = 0;
        if (withdrawals == 0) {
            firstWelcomedNanos = nowNanos;
        }
    }

    /** The group goes on without it; it may be welcomed again once it says something. */
    void withdrawWelcome() {
        state = State.WAITING;
        welcomeTimer.stop();
        withdrawals++;
        silent = true;
    }

    int withdrawals() {
        return withdrawals;
    }

    boolean isSilent() {
        return silent;
    }

    /** @return whether it was silent before */
    boolean onSpoken() {
        boolean wasSilent = silent;
        silent = false;
        return wasSilent;
    }

    /** Whether it may be given another welcome, which begins later. */
    boolean canWait(long nowNanos, long memberTimeoutNanos) {
        return isIdentified() && nowNanos - firstWelcomedNanos < memberTimeoutNanos;
    }

    /** When the group goes on without it, or it is out, if it does not answer; {@link RetryTimer#NEVER} if it is not to. */
    long answerEndNanos(long memberTimeoutNanos) {
        return switch (state) {
            case WELCOMED -> Math.min(welcomedNanos + patienceNanos, firstWelcomedNanos + memberTimeoutNanos);
            case WAITING -> withdrawals > 0 ? firstWelcomedNanos + memberTimeoutNanos : RetryTimer.NEVER;
            case MEMBER -> RetryTimer.NEVER;
        };
    }

    long patienceNanos() {
        return patienceNanos;
    }

    void onWelcomeSent() {
        welcomesSent++;
    }

    /** Whether its answer is one to the only welcome that there was, and so tells the round trip. */
    boolean wasWelcomedOnce() {
        return welcomesSent == 1;
    }

    void confirm(long nowNanos) {
        state = State.MEMBER;
        sinceNanos = nowNanos;
        welcomeTimer.stop();
    }

    /**
     * Takes an acknowledgement.
     *
     * <p>From a legacy peer, the acknowledgement of the welcome is the same datagram as that of the chunk or round with the
     * welcome's number. So that none of them is taken for the other, such a chunk counts as acknowledged only when there
     * were more acknowledgements than welcomes; until then it is repeated, which brings another.
     *
     * @param ofWelcome whether it is marked as that of the welcome
     * @return whether it proves that the chunk or round was received
     */
    public boolean onAck(long sequence, boolean ofWelcome) {
        marksWelcomeAcks |= ofWelcome;
        if (sequence != firstSequence) {
            return true;
        }
        acksOfFirstSequence++;
        return !ofWelcome && (marksWelcomeAcks || acksOfFirstSequence > welcomesSent);
    }

    boolean isWelcomeAck(int wireSequence) {
        return SequenceNumbers.toWire(firstSequence) == wireSequence;
    }
}
