package io.camure;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The current round of a barrier, which is not complete yet, as its coordinator sees it.
 *
 * @param number counts from 0
 * @param since when the first node arrived at it; empty while none has
 * @param coordinatorArrived whether the coordinator has arrived
 * @param arrived the members that have arrived
 * @param missing the members that have not
 */
public record RoundProgress(
        long number, Optional<Instant> since, boolean coordinatorArrived, List<Node> arrived, List<Node> missing) {}
