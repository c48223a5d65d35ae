package io.camure.spring;

import java.time.Duration;

/**
 * This member is in a group again that it had lost while its session went on. What was sent meanwhile it has not received.
 * Where the session is lost, too, {@link CoordinatorRegainedEvent} stands for all groups.
 *
 * @param session as in {@code camure.sessions}; {@code default} is the one without a name
 * @param node what this node calls itself
 * @param group its name
 * @param outage since the loss was noticed
 */
public record GroupRegainedEvent(String session, String node, String group, Duration outage) implements CamureEvent {}
