package io.camure;

import java.net.InetSocketAddress;
import java.time.Instant;

/**
 * A member of a group, as its coordinator sees it.
 *
 * @param address identifies it in the session
 * @param since when it got in
 * @param lastHeard when something of it was last received
 */
public record GroupMember(InetSocketAddress address, Instant since, Instant lastHeard) {}
