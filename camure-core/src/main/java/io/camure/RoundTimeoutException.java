package io.camure;

import java.util.List;

/**
 * A round of a barrier or a collective was not complete in time. This node's arrival stands: the next {@code await}, or call, continues
 * with the same round.
 */
public final class RoundTimeoutException extends CamureTimeoutException {

    private static final long serialVersionUID = 1L;

    private final long round;
    private final transient List<Node> missingMembers;

    /** @param missingMembers see {@link #missingMembers} */
    public RoundTimeoutException(String message, long round, List<Node> missingMembers) {
        super(message);
        this.round = round;
        this.missingMembers = List.copyOf(missingMembers);
    }

    /** The number of the round. */
    public long round() {
        return round;
    }

    /** The members that have not arrived. Known only at the coordinator; empty at a member. */
    public List<Node> missingMembers() {
        return missingMembers;
    }
}
