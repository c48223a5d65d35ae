package io.camure.spring;

import io.camure.CamureException;
import io.camure.Node;

/**
 * This member has lost its coordinator, and with it all groups. It goes on trying to join again, unless that is turned off.
 *
 * @param session as in {@code camure.sessions}; {@code default} is the one without a name
 * @param node what this node calls itself
 * @param coordinator which node the coordinator was, and where
 * @param cause why, as waiting calls were told
 */
public record CoordinatorLostEvent(String session, String node, Node coordinator, CamureException cause)
        implements CamureEvent {}
