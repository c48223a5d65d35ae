package io.camure.spring;

import java.net.InetSocketAddress;

/**
 * At the coordinator: a member is in a group.
 *
 * @param session as in {@code camure.sessions}; {@code default} is the one without a name
 * @param node what this node calls itself
 * @param group the name in {@code camure.groups}
 */
public record MemberJoinedEvent(String session, String node, String group, InetSocketAddress member)
        implements CamureEvent {}
