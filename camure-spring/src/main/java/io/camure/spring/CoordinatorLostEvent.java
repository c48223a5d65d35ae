package io.camure.spring;

import io.camure.CamureException;
import java.net.InetSocketAddress;

/**
 * This member has lost its coordinator, and with it all groups. It goes on trying to join again, unless that is turned off.
 *
 * @param session as in {@code camure.sessions}; {@code default} is the one without a name
 * @param node what this node calls itself
 * @param coordinator where the coordinator was
 * @param cause why, as waiting calls were told
 */
public record CoordinatorLostEvent(String session, String node, InetSocketAddress coordinator, CamureException cause)
        implements CamureEvent {}
