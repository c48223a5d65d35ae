package io.camure;

import java.net.InetSocketAddress;
import java.time.Instant;

/**
 * A member of a group, as its coordinator sees it.
 *
 * @param address identifies the member in the session
 * @param since when it joined the group
 * @param lastHeard when something was last received from it
 */
public record GroupMember(InetSocketAddress address, Instant since, Instant lastHeard) {}
