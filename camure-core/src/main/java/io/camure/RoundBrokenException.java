package io.camure;

import java.util.List;

/**
 * A round of a barrier or a collective has ended for all its participants without what they have waited for: not all had arrived, or
 * what they gave has no result. A node that had not arrived learns it from its next call; the one after that is for the next round.
 */
public sealed class RoundBrokenException extends CamureException permits CollectiveMismatchException {

    private static final long serialVersionUID = 1L;

    private final long round;
    private final Reason reason;
    private final transient List<Node> missingMembers;
    private final String whatFailed;

    /** Why a round was broken. */
    public enum Reason {
        /** A member was lost, and the group is configured to break in that case: {@link MemberLoss#BREAK}. */
        MEMBER_LOST,
        /** The coordinator called {@link CoordinatorBarrier#reset} or {@link CoordinatorCollective#reset}. */
        RESET,
        /** The nodes have not called the same of a collective: see {@link CollectiveMismatchException}. */
        MISMATCH,
        /** The values that were given have no result: a reducer, an action or a codec has failed, or has taken too long. */
        FAILED
    }

    /** @param missingMembers see {@link #missingMembers} */
    public RoundBrokenException(String message, long round, Reason reason, List<Node> missingMembers) {
        this(message, round, reason, missingMembers, "");
    }

    /**
     * @param missingMembers see {@link #missingMembers}
     * @param whatFailed see {@link #whatFailed}
     */
    public RoundBrokenException(
            String message, long round, Reason reason, List<Node> missingMembers, String whatFailed) {
        super(message);
        this.round = round;
        this.reason = reason;
        this.missingMembers = List.copyOf(missingMembers);
        this.whatFailed = whatFailed;
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
     * included; otherwise none. Of many, at least the first 16.
     */
    public List<Node> missingMembers() {
        return missingMembers;
    }

    /**
     * With {@link Reason#FAILED}, what has failed, such as {@code the reducer merge has failed}; otherwise empty. The message tells, besides, what the
     * application's exception says, which may be about values that are not for everybody.
     */
    public String whatFailed() {
        return whatFailed;
    }
}
