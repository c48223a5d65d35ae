package io.camure.spring;

import io.camure.Node;

/**
 * At the coordinator: it was found out how long the datagrams are that get to a member, and it is sent no longer ones.
 *
 * @param session as in {@code camure.sessions}; {@code default} is the one without a name
 * @param node what this node calls itself
 * @param member by its name and address
 * @param bytes of the longest datagram, without the headers of IP and UDP
 * @param lowered whether that is less than what networks usually take: the MTU on the way is smaller than those of both interfaces
 */
public record MemberPathEvent(String session, String node, Node member, int bytes, boolean lowered)
        implements CamureEvent {}
