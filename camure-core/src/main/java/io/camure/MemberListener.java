package io.camure;

/** Is told what happens to a member against its will; in order, on a thread of its own, so that it may take its time. */
public interface MemberListener {

    /**
     * The session is over: the coordinator was not heard for the coordinator timeout, does not hear this node, or is another
     * one now; or this node can't receive any more ({@link DisconnectedException.Reason#FAILED}). All groups are over with it.
     * To go on, close the member and join anew.
     */
    default void coordinatorLost(CamureException why) {}

    /** This node is out of a group, and still in the session unless {@link #coordinatorLost} was called before. */
    default void groupLost(int group, CamureException why) {}
}
