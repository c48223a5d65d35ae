package io.camure;

import java.util.Optional;

/**
 * How far a member of a broadcast is, as the coordinator knows it from its last report.
 *
 * @param missingChunks how many of the chunks that were sent it has not acknowledged
 * @param window how full its receive window is, which a reader that does not keep up fills; empty for a member that does not tell,
 *     as those that speak only protocol 0.1
 */
public record MemberProgress(Node member, int missingChunks, Optional<WindowUse> window) {}
