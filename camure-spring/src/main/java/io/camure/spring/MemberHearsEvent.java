package io.camure.spring;

import io.camure.Node;

/**
 * At the coordinator: a member that was deaf hears group traffic again, and is served by multicast.
 *
 * @param session as in {@code camure.sessions}; {@code default} is the one without a name
 * @param node what this node calls itself
 * @param member by its name and address
 */
public record MemberHearsEvent(String session, String node, Node member) implements CamureEvent {}
