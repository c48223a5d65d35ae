package io.camure.spring;

import java.net.InetSocketAddress;

/**
 * At the coordinator: a member is in a group.
 *
 * @param node what this node calls itself
 * @param group the name in {@code camure.groups}
 */
public record MemberJoinedEvent(String node, String group, InetSocketAddress member) implements CamureEvent {}
