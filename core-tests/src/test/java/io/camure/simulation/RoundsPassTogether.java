package io.camure.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Nobody leaves a round before all its participants have arrived, and all who learn how a round ended learn the same. Who has
 * arrived is known by the calls that were made, and how many took part by what the nodes are told.
 */
final class RoundsPassTogether implements Invariant {

    static final int BROKEN = -1;
    static final long UNKNOWN = 0;

    private final World world;

    /** The arrivals that have not ended as far as the arriving thread knows. */
    private final List<Arrival> arrivals = new ArrayList<>();

    /** How many took part, or {@link #BROKEN}. */
    private final Map<RoundOfLife, Integer> outcomes = new HashMap<>();

    private final Map<Thread, RoundOfLife> lastOf = new HashMap<>();
    private String violation;

    private record RoundOfLife(long incarnation, long number) {}

    /** An arrival of a thread, which stands until the thread is told of the end of the round. */
    static final class Arrival {

        private final Site site;
        private final Thread thread;

        /** The node's own incarnation, which is another one in each session. */
        private final long incarnation;

        /** When a round has ended for it of which it is not sure whose that was, and so others may be told of it still. */
        private long endedNanos = Long.MAX_VALUE;

        private Arrival(Site site, Thread thread) {
            this.site = site;
            this.thread = thread;
            incarnation = site.incarnation();
        }

        private boolean equalsTo(Arrival other) {
            return thread == other.thread && incarnation == other.incarnation && endedNanos == other.endedNanos;
        }

        /** Since when the coordinator counts it only as long as it has not noticed that the node is gone. */
        private long overSinceNanos() {
            return Math.min(endedNanos, Math.min(site.process().deadSinceNanos(), site.sessionLostNanos(incarnation)));
        }
    }

    RoundsPassTogether(World world) {
        this.world = world;
    }

    /** The calling thread arrives, or goes on to wait where it has arrived. */
    Arrival arrive(Site site) {
        Arrival arrival = new Arrival(site, Thread.currentThread());
        for (Arrival standing : arrivals) {
            if (standing.equalsTo(arrival)) {
                return standing;
            }
        }
        arrivals.add(arrival);
        return arrival;
    }

    /** How many memberships have arrived: that of a session that is over may count beside the next one of the same node. */
    private long arrived() {
        return arrivals.stream()
                .map(arrival -> arrival.site + " " + arrival.incarnation)
                .distinct()
                .count();
    }

    /**
     * The calling thread was told how a round has ended.
     *
     * @param arrival of that thread
     * @param incarnation of the coordinator, or {@link #UNKNOWN}
     */
    void end(Arrival arrival, long incarnation, long number, int participants) {
        Site site = arrival.site;
        forgetNoticed();
        if (incarnation != UNKNOWN) {
            RoundOfLife round = new RoundOfLife(incarnation, number);
            Integer known = outcomes.putIfAbsent(round, participants);
            if (known == null) {
                long arrived = arrived();
                require(
                        participants <= arrived,
                        site + " has left round " + number + " of " + participants + " nodes, but only " + arrived
                                + " have arrived");
            } else {
                require(
                        known == participants,
                        site + " was told of " + participants + " participants of round " + number
                                + ", another node of " + known);
            }
            RoundOfLife last = lastOf.put(Thread.currentThread(), round);
            require(
                    last == null || last.incarnation != incarnation || last.number < number,
                    site + " was told of round " + number + " behind " + last);
        }
        if (incarnation == UNKNOWN) {
            arrival.endedNanos = world.nowNanos();
        } else {
            arrivals.remove(arrival);
        }
    }

    /** The coordinator notices within its timeout and an interval, during which it may have been paused. */
    private void forgetNoticed() {
        long noticingNanos = 2 * world.plan().timeout().toNanos()
                + world.coordinator().site().process().pausedNanos();
        arrivals.removeIf(arrival -> world.nowNanos() - noticingNanos > arrival.overSinceNanos());
    }

    private void require(boolean holds, String otherwise) {
        if (!holds && violation == null) {
            violation = otherwise;
        }
    }

    @Override
    public String violation(long nowNanos) {
        return violation;
    }
}
