package io.camure;

/**
 * Is called when a member loses its session or a group against its will. Calls come in order, on a thread of their own, so
 * they may take their time.
 */
public interface MemberListener {

    /**
     * The session has ended, and all its groups with it: the coordinator was not heard for the coordinator timeout, does not
     * hear this node, or has restarted; or this node can no longer receive ({@link DisconnectedException.Reason#FAILED}). To
     * go on, close the member and join again.
     */
    default void coordinatorLost(CamureException why) {}

    /** This node is out of a group, and still in the session unless {@link #coordinatorLost} was called before. */
    default void groupLost(int group, CamureException why) {}
}
