package io.camure;

/**
 * How long the datagrams are that a coordinator sends to a member: its path size.
 *
 * @param bytes the longest one, without the headers of IP and UDP
 * @param lowered whether longer ones were found not to get to the member although networks usually take them: the MTU on the way to
 *     it is smaller than those of both interfaces
 */
public record MemberPath(Node member, int bytes, boolean lowered) {}
