package io.camure.protocol;

/** The texts in GroupDisconnected. The first four are 0.1's own, which 0.1 nodes print. */
final class DisconnectReason {

    static final String LEAVE = "leave";
    static final String TIMEOUT = "timeout";
    static final String WRONG_GROUP_TYPE = "invalid channel type";
    static final String DUPLICATE_JOIN = "duplicate join";
    static final String CLOSED = "";
    /** To a node that speaks as a member but is none, so that it does not wait for ever. */
    static final String NOT_A_MEMBER = "not a member";

    /** To a 0.1 member, which does not know that a round can be broken. */
    static final String BROKEN_ROUND = "round broken";

    /** To a member that held a broadcast up for too long. */
    static final String TOO_SLOW = "too slow";

    private DisconnectReason() {}

    /** Whether the coordinator may repeat it until the node confirms that it is out. */
    static boolean isToBeConfirmed(String reason) {
        return !reason.equals(LEAVE) && !reason.equals(NOT_A_MEMBER);
    }
}
