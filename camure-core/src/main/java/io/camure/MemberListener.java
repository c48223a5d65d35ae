package io.camure;

import java.time.Duration;

/**
 * Is called when a member loses its session or a group against its will. Calls come in order, on a thread of their own, so
 * they may take their time.
 */
public interface MemberListener {

    /**
     * The session has ended, and all its groups with it: the coordinator was not heard for the coordinator timeout, does not
     * hear this node, or has restarted; or this node can no longer receive ({@link DisconnectedException.Reason#FAILED}). A
     * member that is configured to {@link MemberConfig.Builder#rejoin rejoin} does so; otherwise close it and join again.
     */
    default void coordinatorLost(CamureException why) {}

    /**
     * This node is in a session again, after it has lost one; the coordinator may be another one, at another address. Each of
     * its groups follows by {@link #groupRegained}.
     *
     * @param outage since {@link #coordinatorLost}
     */
    default void coordinatorRegained(Duration outage) {}

    /** This node is out of a group, and still in the session unless {@link #coordinatorLost} was called before. */
    default void groupLost(int group, CamureException why) {}

    /**
     * This node is in a group again, after it has lost it. It has missed the rounds and messages between.
     *
     * @param outage since {@link #groupLost}
     */
    default void groupRegained(int group, Duration outage) {}
}
