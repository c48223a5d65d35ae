package io.camure.protocol.base;

/**
 * Why a member is out of a group.
 *
 * @param cause what kind of end this is
 * @param detail what was measured or what the coordinator wrote; for people
 */
public record Disconnection(Cause cause, String detail) {

    /** The kinds of ends. */
    public enum Cause {
        /** The coordinator closed the group. */
        GROUP_CLOSED,
        /** The coordinator evicted this member: it was not heard for too long, or is not in the group any more. */
        EVICTED,
        /** The coordinator evicted this member, since it held a broadcast up for too long. */
        TOO_SLOW,
        /** The group is of another type. */
        WRONG_GROUP_TYPE,
        /** The coordinator calls the group by another name. */
        WRONG_GROUP_NAME,
        /** The group turned out to be one in which this member is already. */
        GROUP_IN_USE,
        /** Nothing was heard from the coordinator for too long, or it is another one now. */
        COORDINATOR_LOST,
        /** The coordinator has said goodbye, and another one takes over. */
        HANDED_OVER,
        /** The coordinator speaks no version of the protocol that this node does. */
        UNKNOWN_VERSION,
        /** The coordinator's session has another name than the one that this node is to be in. */
        OTHER_SESSION,
        /** The coordinator was elected before one that this node was in the session of. */
        EARLIER_TERM,
        /** The coordinator can't have come to its term by elections. */
        IMPLAUSIBLE_TERM,
        /** The member left. */
        LEFT
    }
}
