package io.camure;

/** Is called when members come and go. Calls come in order, on a thread of their own, so they may take their time. */
public interface GroupListener {

    /** A member has joined. */
    default void memberJoined(Node member) {}

    /** A member has left by itself, or the group was closed. */
    default void memberLeft(Node member) {}

    /** A member was lost: it was silent for the member timeout, or restarted at its address. */
    default void memberLost(Node member) {}

    /** The coordinator evicted a member that is alive. */
    default void memberEvicted(Node member) {}

    /** A member has held a broadcast up for the slow member patience. */
    default void memberSlow(Node member) {}

    /** A member that was slow has caught up. */
    default void memberCaughtUp(Node member) {}
}
