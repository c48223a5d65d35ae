package io.camure.protocol.group;

import java.net.InetSocketAddress;

/** A member of a group as its coordinator sees it. */
public record MemberView(InetSocketAddress address, long sinceNanos, long lastHeardNanos) {}
