package io.camure;

/**
 * What becomes of a round of a barrier when a member is lost, whether it had arrived or not. A member that leaves is no loss;
 * before the expected members have been in together, a loss breaks nothing.
 */
public enum MemberLoss {
    /** The round is complete without it. The coordinator finds it in {@link Round#lostMembers()}. */
    CONTINUE,
    /**
     * The round is broken: it ends for everyone by a {@link RoundBrokenException} that names who was lost, and the next
     * {@code await} is for the next round. Members of protocol 0.1, which do not know of this, are taken out of the group.
     */
    BREAK
}
