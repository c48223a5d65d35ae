package io.camure.spring;

import io.camure.Node;

/**
 * At the coordinator: a member does not hear group traffic, but answers by unicast, and so is served by unicast.
 *
 * @param session as in {@code camure.sessions}; {@code default} is the one without a name
 * @param node what this node calls itself
 * @param member by its name and address
 */
public record MemberDeafEvent(String session, String node, Node member) implements CamureEvent {}
