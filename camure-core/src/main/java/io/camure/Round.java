package io.camure;

import java.time.Duration;
import java.util.List;

/**
 * A completed round of a barrier or a collective.
 *
 * @param number counts from 0, the same on all nodes; modulo 65536 at a member that joined after round 65535, if its coordinator is of an
 *     earlier build
 * @param size how many nodes took part, the coordinator included unless it {@linkplain
 *     GroupConfig.Builder#coordinatorTakesPart does not}; 0 at a member whose coordinator speaks only
 *     protocol 0.1, which does not tell
 * @param rank which one of the participants this node was, from 0 on, in a round of a collective; -1 in a round of a
 *     barrier, and at a coordinator that takes no part
 * @param participants the nodes that took part, by their ranks: the same list at all of them. In a round of a collective only;
 *     empty in one of a barrier
 * @param duration from this node's arrival until it learnt that all had arrived
 * @param lostMembers the members that were lost since the round before; known only at the coordinator
 * @param term in which the coordinator was elected, the same on all nodes; 0 when nobody has elected it
 * @param generation tells the group from those that the coordinator has created before: higher than theirs, the same on all nodes; 0 at
 *     a member whose coordinator is of an earlier build, or speaks only protocol 0.1
 */
public record Round(
        long number,
        int size,
        int rank,
        List<Node> participants,
        Duration duration,
        List<Node> lostMembers,
        long term,
        long generation) {

    /** A round of a barrier, whose coordinator nobody has elected. */
    public Round(long number, int size, Duration duration, List<Node> lostMembers) {
        this(number, size, -1, List.of(), duration, lostMembers, 0, 0);
    }

    /** What orders this round among all of its group, whoever has coordinated them. */
    public RoundToken token() {
        return new RoundToken(term, generation, number);
    }
}
