package io.camure.doctor;

import io.camure.Coordinator;
import io.camure.CoordinatorLocator;
import io.camure.MemberConfig;
import io.camure.node.CoordinatorNode;
import java.io.IOException;
import java.time.Duration;

/**
 * Finds out what the network between the nodes of a session lets through, and says what to do about the rest. It uses what the
 * session uses: its configuration, its choice of network interface and its kind of sockets.
 *
 * <p>What it looks at are rungs, from the machine itself to the largest datagram, each green, amber or red. It takes a few seconds, joins
 * the session as a member does, without any group, so that nobody waits for it, and leaves it again.
 */
public final class Doctor {

    /**
     * After so long without a query a switch that follows RFC 2236 or RFC 3376 forgets who listens (Group Membership Interval,
     * 260 s), and so does one that has never heard a querier.
     */
    public static final Duration IGMP = Duration.ofSeconds(270);

    private Doctor() {}

    /**
     * Examines the way from this node to its coordinator, at each address where that may be.
     *
     * @param locator {@code toString()} is what the report calls it
     * @param config of the member that has or will have this node's place
     * @param watch for how long to look whether multicast is still heard, such as {@link #IGMP}; zero for not at all
     * @throws IOException when the sockets of this machine fail
     * @throws InterruptedException when the thread is interrupted; the session is left
     */
    public static Report examine(CoordinatorLocator locator, MemberConfig config, Duration watch)
            throws IOException, InterruptedException {
        return new MemberExamination(locator, config, watch).examine();
    }

    /**
     * Examines the ways from a coordinator to its members, in their session: asks up to 64 of them for echoes, one after the other and
     * all by multicast.
     *
     * @throws IllegalArgumentException when it is none that {@link Coordinator#start} has started
     * @throws IOException when the interfaces of this machine can't be looked at
     * @throws InterruptedException when the thread is interrupted
     */
    public static Report examine(Coordinator coordinator) throws IOException, InterruptedException {
        if (!(coordinator instanceof CoordinatorNode node)) {
            throw new IllegalArgumentException(
                    "coordinator is " + coordinator + ": it must be one that was started here");
        }
        // The answers to two doctors would get mixed up.
        synchronized (node.echoes()) {
            return new CoordinatorExamination(node).examine();
        }
    }
}
