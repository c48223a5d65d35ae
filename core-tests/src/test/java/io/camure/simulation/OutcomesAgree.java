package io.camure.simulation;

import io.camure.Node;
import io.camure.Round;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All who learn the outcome of a round of a collective learn the same, participants included; each value in it was given by the participant of
 * its rank, for that round and no other; and whoever gets an outcome has given one of the values in it.
 */
final class OutcomesAgree implements Invariant {

    static final String BROKEN = "broken";

    /** By coordinator and number. */
    private final Map<String, String> outcomes = new HashMap<>();

    private final Map<String, Long> roundsOf = new HashMap<>();

    /** What nodes have given since they were told of the end of a round. */
    private final Map<Site, Set<String>> given = new HashMap<>();

    private String violation;

    /** A node gives a value that begins with its name, and is given once only. */
    void give(Site site, String value) {
        given.computeIfAbsent(site, any -> new HashSet<>()).add(value);
    }

    /**
     * A node was told the values of a round.
     *
     * @param incarnation of the coordinator, or {@link RoundsPassTogether#UNKNOWN}
     */
    void end(Site site, long incarnation, Round round, List<String> values) {
        List<Node> participants = round.participants();
        require(
                participants.size() == values.size() && round.size() == values.size(),
                site + " was told of " + values + " given by " + participants);
        for (int rank = 0; rank < Math.min(participants.size(), values.size()); rank++) {
            require(
                    values.get(rank).startsWith(participants.get(rank).name() + "/"),
                    site + " was told that " + participants.get(rank) + " has given " + values.get(rank));
        }
        require(
                given.getOrDefault(site, Set.of()).contains(values.get(round.rank())),
                site + " was told that it has given " + values.get(round.rank()));
        given.remove(site);
        if (incarnation != RoundsPassTogether.UNKNOWN) {
            checkOutcome(site, incarnation, round.number(), participants + " " + values);
            for (String value : values) {
                Long other = roundsOf.putIfAbsent(value, round.number());
                require(
                        other == null || other == round.number(),
                        value + " counts in the rounds " + other + " and " + round.number());
            }
        }
    }

    /**
     * A node was told another result of a round, or that there is none.
     *
     * @param incarnation of the coordinator, or {@link RoundsPassTogether#UNKNOWN}
     */
    void end(Site site, long incarnation, long number, String result) {
        given.remove(site);
        if (incarnation != RoundsPassTogether.UNKNOWN) {
            checkOutcome(site, incarnation, number, result);
        }
    }

    private void checkOutcome(Site site, long incarnation, long number, String outcome) {
        String known = outcomes.putIfAbsent(incarnation + " " + number, outcome);
        require(
                known == null || known.equals(outcome),
                site + " was told " + outcome + " of round " + number + ", another node " + known);
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
