package io.camure.protocol.group;

import io.camure.wire.NodeIdentity;

/** A member of a group as its coordinator sees it. */
public record MemberView(NodeIdentity node, long sinceNanos, long lastHeardNanos) {}
