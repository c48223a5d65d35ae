package io.camure;

/**
 * What happens to a round of a barrier or a collective when a member is lost, whether it had arrived or not. A member that leaves is
 * not lost.
 * Until the expected members have been in the group together once, a loss breaks nothing.
 */
public enum MemberLoss {
    /**
     * The round completes without it, in a collective with its value if it had arrived. At the coordinator, {@link
     * Round#lostMembers()} names it.
     */
    CONTINUE,
    /**
     * The round breaks: it ends for everyone with a {@link RoundBrokenException} that names the lost members, and the next
     * {@code await} or call is for the next round. Members that speak only protocol 0.1, which has no broken rounds, are evicted.
     */
    BREAK
}
