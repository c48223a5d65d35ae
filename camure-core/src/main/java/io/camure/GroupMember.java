package io.camure;

import java.time.Instant;

/**
 * A member of a group, as its coordinator sees it.
 *
 * @param node which node it is
 * @param since when it joined the group
 * @param lastHeard when something was last received from it
 */
public record GroupMember(Node node, Instant since, Instant lastHeard) {}
