package io.camure.spring;

import io.camure.Node;

/**
 * At the coordinator: a member has held a broadcast up for {@code slow-member-patience}.
 *
 * @param session as in {@code camure.sessions}; {@code default} is the one without a name
 * @param node what this node calls itself
 * @param group the name in {@code camure.groups}
 * @param member by its name and address
 */
public record MemberSlowEvent(String session, String node, String group, Node member) implements CamureEvent {}
