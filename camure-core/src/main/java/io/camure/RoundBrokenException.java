package io.camure;

import java.util.List;

/**
 * A round of a barrier has ended for all its participants although not all had arrived. A node that had not arrived learns it
 * from its next {@code await}; the one after that is for the next round.
 */
public final class RoundBrokenException extends CamureException {

    private static final long serialVersionUID = 1L;

    private final long round;
    private final Reason reason;
    private final transient List<Node> missingMembers;

    /** Why a round was broken. */
    public enum Reason {
        /** A member was lost, and the barrier is configured to break in that case: {@link MemberLoss#BREAK}. */
        MEMBER_LOST,
        /** The coordinator called {@link CoordinatorBarrier#reset}. */
        RESET
    }

    /** @param missingMembers see {@link #missingMembers} */
    public RoundBrokenException(String message, long round, Reason reason, List<Node> missingMembers) {
        super(message);
        this.round = round;
        this.reason = reason;
        this.missingMembers = List.copyOf(missingMembers);
    }

    /** The number of the round. */
    public long round() {
        return round;
    }

    public Reason reason() {
        return reason;
    }

    /**
     * With {@link Reason#MEMBER_LOST} the lost members; with {@link Reason#RESET} those that had not arrived, lost ones
     * included. Of many, at least the first 16.
     */
    public List<Node> missingMembers() {
        return missingMembers;
    }
}
