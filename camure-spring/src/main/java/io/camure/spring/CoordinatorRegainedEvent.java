package io.camure.spring;

import io.camure.Node;
import java.time.Duration;

/**
 * This member is in the session of its coordinator and in all groups again. What was sent meanwhile it has not received.
 * Its listeners may have got messages of the new session before. The first time that it joins has no event. Published by the
 * thread that joins or leaves a group where that group was the last one that was missing.
 *
 * @param session as in {@code camure.sessions}; {@code default} is the one without a name
 * @param node what this node calls itself
 * @param coordinator where the coordinator is, which may be another process than before
 * @param outage since the loss was noticed
 */
public record CoordinatorRegainedEvent(String session, String node, Node coordinator, Duration outage)
        implements CamureEvent {}
