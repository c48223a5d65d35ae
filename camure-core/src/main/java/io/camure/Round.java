package io.camure;

import java.time.Duration;
import java.util.List;

/**
 * A completed round of a barrier.
 *
 * @param number counts from 0, the same on all nodes; modulo 65536 at a member that joined after round 65535
 * @param participants how many nodes took part, the coordinator included unless it {@linkplain
 *     GroupConfig.Builder#coordinatorTakesPart does not}; 0 at a member whose coordinator speaks only
 *     protocol 0.1, which does not tell
 * @param duration from this node's arrival until it learnt that all had arrived
 * @param lostMembers the members that were lost since the round before; known only at the coordinator
 * @param term in which the coordinator was elected, the same on all nodes; 0 when nobody has elected it. Of two rounds of a
 *     barrier, the one of the higher term is the later one; in one term, the one of the higher number, as long as the barrier is not
 *     closed and created anew
 */
public record Round(long number, int participants, Duration duration, List<Node> lostMembers, long term) {

    /** A round whose coordinator nobody has elected. */
    public Round(long number, int participants, Duration duration, List<Node> lostMembers) {
        this(number, participants, duration, lostMembers, 0);
    }
}
