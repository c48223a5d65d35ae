package io.camure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How the rounds of a barrier went, as its coordinator has seen it since it was first asked: {@link CoordinatorBarrier#history}.
 *
 * @param participants the coordinator first, then the members, in the order in which they asked to join
 * @param rounds the last rounds that have ended, the oldest first; at most {@link #ROUNDS}
 */
public record RoundHistory(List<Participant> participants, List<PastRound> rounds) {

    /** So many of the last rounds are kept. */
    public static final int ROUNDS = 16;

    /**
     * A node that takes part now.
     *
     * @param timesLast how many rounds have ended with its arrival
     * @param waitCaused how much sooner these rounds would have ended without waiting for it: the times from the last arrival
     *     but one to its own, added up
     * @param roundTrip how long it takes to answer, smoothed; empty until measured, and for the coordinator
     */
    public record Participant(Node node, long timesLast, Duration waitCaused, Optional<Duration> roundTrip) {}

    /**
     * A round that has ended.
     *
     * @param number counts from 0
     * @param began when the first node arrived
     * @param duration from then to its end
     * @param broken whether it ended before all had arrived
     * @param arrivals the first to arrive first
     */
    public record PastRound(long number, Instant began, Duration duration, boolean broken, List<Arrival> arrivals) {}

    /**
     * An arrival at a round.
     *
     * @param after how long after the first one
     */
    public record Arrival(Node node, Duration after) {}
}
