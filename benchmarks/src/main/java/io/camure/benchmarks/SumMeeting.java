package io.camure.benchmarks;

import io.camure.benchmarks.Contender.Meeting;

/** Rounds in which all nodes give a number and get the sum, which is checked in each. */
public abstract class SumMeeting implements Meeting {

    private final long factor;
    private final long sumOfFactors;
    private long round;

    protected SumMeeting(Place place) {
        long nodes = place.members() + 1;
        factor = place.index() + 1;
        sumOfFactors = nodes * (nodes + 1) / 2;
    }

    /** Gives a number, and when all nodes have, gives back the sum of all. */
    protected abstract long sum(long number) throws Exception;

    @Override
    public final void await() throws Exception {
        round++;
        long sum = sum(round * factor);
        if (sum != round * sumOfFactors) {
            throw new IllegalStateException(
                    "the sum of round " + round + " is " + sum + " instead of " + round * sumOfFactors);
        }
    }
}
