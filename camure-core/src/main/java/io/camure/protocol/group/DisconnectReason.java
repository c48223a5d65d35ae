package io.camure.protocol.group;

import org.jspecify.annotations.Nullable;

/** The texts in GroupDisconnected. The first four are those of protocol 0.1, which legacy peers print. */
public final class DisconnectReason {

    public static final String LEAVE = "leave";
    public static final String TIMEOUT = "timeout";
    public static final String WRONG_GROUP_TYPE = "invalid channel type";
    public static final String DUPLICATE_JOIN = "duplicate join";
    public static final String CLOSED = "";
    /** To a node that speaks as a member but is none, so that it does not wait for ever. */
    public static final String NOT_A_MEMBER = "not a member";

    /** To a legacy peer, which does not know that a round can be broken. */
    public static final String BROKEN_ROUND = "round broken";

    /** To a member that held a broadcast up for too long. */
    public static final String TOO_SLOW = "too slow";

    /** To a member whose path has become too short for the result of a round, after that was told to others. */
    public static final String NARROW_PATH = "datagrams as long as the result of the round do not get here";

    /** To a member whose reports have not proven for long that it has what they tell. */
    public static final String UNPROVEN = "reports unproven";

    /** In front of what the coordinator calls the group: to a member that calls it by another name. */
    private static final String OTHER_NAME = "other name: ";

    private DisconnectReason() {}

    static String otherName(String atCoordinator) {
        return OTHER_NAME + atCoordinator;
    }

    /** What the coordinator calls the group, if that is why; otherwise {@code null}. */
    static @Nullable String nameAtCoordinator(String reason) {
        return reason.startsWith(OTHER_NAME) ? reason.substring(OTHER_NAME.length()) : null;
    }

    /** Whether the coordinator may repeat it until the node confirms that it is out. */
    static boolean isToBeConfirmed(String reason) {
        return !reason.equals(LEAVE) && !reason.equals(NOT_A_MEMBER);
    }
}
