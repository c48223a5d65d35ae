package io.camure.spring;

import io.camure.Node;

/**
 * At the coordinator: a member that was slow has got what it lacked.
 *
 * @param session as in {@code camure.sessions}; {@code default} is the one without a name
 * @param node what this node calls itself
 * @param group the name in {@code camure.groups}
 * @param member by its name and address
 */
public record MemberCaughtUpEvent(String session, String node, String group, Node member) implements CamureEvent {}
