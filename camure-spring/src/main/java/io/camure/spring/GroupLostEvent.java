package io.camure.spring;

import io.camure.CamureException;

/**
 * This member is out of a group against its will, and still in the session: it was evicted, was silent for too long, or the
 * coordinator has closed the group. It goes on trying to join again, unless that is turned off.
 *
 * @param session as in {@code camure.sessions}; {@code default} is the one without a name
 * @param node what this node calls itself
 * @param group its name
 * @param cause why, as waiting calls were told
 */
public record GroupLostEvent(String session, String node, String group, CamureException cause) implements CamureEvent {}
