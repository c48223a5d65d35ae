package io.camure.spring;

import io.camure.Node;

/**
 * At the coordinator: a member is no longer in a group.
 *
 * @param session as in {@code camure.sessions}; {@code default} is the one without a name
 * @param node what this node calls itself
 * @param group the name in {@code camure.groups}
 * @param member by its name and address
 */
public record MemberLeftEvent(String session, String node, String group, Node member, Reason reason)
        implements CamureEvent {

    /** Why it left. */
    public enum Reason {
        /** It said goodbye, or the group was closed. */
        LEFT,
        /** It was silent for the member timeout, or was started anew at its address. */
        LOST,
        /** The coordinator evicted it, though it is alive. */
        EVICTED
    }
}
