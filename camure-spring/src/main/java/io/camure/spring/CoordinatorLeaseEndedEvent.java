package io.camure.spring;

/**
 * This node coordinated and has stopped, at once, since its lease was not renewed in time: what elects was slow, away or cut off, or this
 * process was stopped for a while. Another node may coordinate by now; a {@link CoordinatorChangedEvent} says which.
 *
 * @param session as in {@code camure.sessions}; {@code default} is the one without a name
 * @param node what this node calls itself
 * @param term in which it was elected; 0 from an engine without terms
 */
public record CoordinatorLeaseEndedEvent(String session, String node, long term) implements CamureEvent {}
