package io.camure;

import io.camure.node.JoinedMember;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A node in a session that another node coordinates.
 *
 * <pre>{@code
 * try (Member member = Member.join(coordinatorAddress)) {
 *     Barrier startLine = member.joinBarrier(0);
 *     startLine.await();
 * }
 * }</pre>
 *
 * <p>A member that is configured to {@link MemberConfig.Builder#rejoin rejoin}, and its groups, stay the same objects when they
 * are lost, and work again once they are rejoined. In between they are not open, and calls fail at once with a
 * {@link DisconnectedException} that has the loss as its cause and says what is tried next, as {@link #loss} does.
 *
 * <p>Uses two sockets and one thread; while it rejoins, one more thread, one that asks the locator, and two sockets and a
 * thread for each candidate. Thread-safe.
 */
public interface Member extends AutoCloseable {

    /** Joins a session with the default configuration; see {@link #join(InetSocketAddress, MemberConfig)}. */
    static Member join(InetSocketAddress coordinatorAddress) throws InterruptedException {
        return join(coordinatorAddress, MemberConfig.defaults());
    }

    /**
     * Joins a session: asks the coordinator repeatedly until it answers or the join timeout is over.
     *
     * @throws JoinTimeoutException if the coordinator does not answer in time
     * @throws ProtocolVersionException if it and this node have no version of the protocol in common
     * @throws SessionNameMismatchException if its session has another {@linkplain MemberConfig.Builder#sessionName name}
     * @throws SessionStartException if the session can't work on this machine
     */
    static Member join(InetSocketAddress coordinatorAddress, MemberConfig config) throws InterruptedException {
        return JoinedMember.join(coordinatorAddress, config);
    }

    /**
     * Joins a session at whichever candidate answers first. Asks the locator and then all its candidates at once, again and
     * again, about once a second, until one of them answers or the join timeout is over.
     *
     * @throws JoinTimeoutException when none answers; lists the last candidates and what came of each
     * @throws ProtocolVersionException when none of them speaks a version of the protocol that this node does
     * @throws SessionNameMismatchException when they can't be joined, one at least because its session has another name
     * @throws SessionStartException when none of them can be asked from this machine
     */
    static Member join(CoordinatorLocator locator, MemberConfig config) throws InterruptedException {
        return JoinedMember.join(locator, config);
    }

    /**
     * The coordinator of the session that a configuration names, wherever it is in the local network: each try asks for it by
     * multicast, on the network interface of the configuration or on all that there are, for up to a second, and coordinators
     * of a session of that name answer if they are {@linkplain CoordinatorConfig.Builder#announced announced}. Whoever answers is
     * believed.
     *
     * @param config that of the member that is to join
     * @throws IllegalArgumentException when it has no {@linkplain MemberConfig.Builder#sessionName session name}
     */
    static CoordinatorLocator announcedCoordinator(MemberConfig config) {
        return JoinedMember.announcedCoordinator(config);
    }

    /** The address that identifies this node in the session; another one in each session that it joins. */
    InetSocketAddress address();

    /** Where this node is in a session, or was last. */
    InetSocketAddress coordinatorAddress();

    /**
     * The node that coordinates the session that this one is in, or was last. Without a name if it speaks only protocol 0.1, which
     * does not tell.
     */
    Node coordinator();

    /** The name of this node in threads, logs and errors. */
    String name();

    /** How datagrams are sent and received: {@code nio}, {@code linux} or another network's name. See {@link Transport}. */
    String transport();

    /** By what the session is sealed, as its coordinator has chosen it, and with which secret this node has joined; empty in clear. */
    Optional<Security> security();

    /** Joins a barrier group with the configured join timeout; see {@link #joinBarrier(int, Duration)}. */
    Barrier joinBarrier(int id) throws InterruptedException;

    /**
     * Joins a barrier group, to take part from the first round that is not complete. The coordinator may create the group
     * meanwhile.
     *
     * @param id 0…65535
     * @param timeout how long to try to join; {@link Barrier#await()} then waits for at most a minute
     * @throws JoinTimeoutException if the coordinator does not admit this node in time: it has no such group, or has not
     *     accepted this node
     * @throws GroupTypeMismatchException if it is a broadcast group
     * @throws GroupInUseException if this node is in the group already
     * @throws DisconnectedException if the session has ended, or ends meanwhile
     */
    Barrier joinBarrier(int id, Duration timeout) throws InterruptedException;

    /**
     * Joins a barrier group; see {@link #joinBarrier(int, Duration)}.
     *
     * @param awaitTimeout how long {@link Barrier#await()} waits
     */
    Barrier joinBarrier(int id, Duration timeout, Duration awaitTimeout) throws InterruptedException;

    /**
     * Joins a barrier group; see {@link #joinBarrier(int, Duration)}.
     *
     * @param config which one, by its id, its name or both; its timeout is how long {@link Barrier#await()} waits
     * @param timeout how long to try to join
     * @throws GroupNameMismatchException if the coordinator calls the group with this id by another name
     * @throws GroupIdRequiredException if there is only a name, and the coordinator does not know names
     */
    Barrier joinBarrier(MembershipConfig config, Duration timeout) throws InterruptedException;

    /** Joins a broadcast group with the configured join timeout; see {@link #joinBroadcast(int, Duration)}. */
    BroadcastReceiver joinBroadcast(int id) throws InterruptedException;

    /**
     * Joins a broadcast group, to receive the messages that are begun after that. The coordinator may create the group
     * meanwhile.
     *
     * @param id 0…65535
     * @param timeout how long to try to join
     * @throws JoinTimeoutException if the coordinator does not admit this node in time: it has no such group, or has not
     *     accepted this node
     * @throws GroupTypeMismatchException if it is a barrier group
     * @throws GroupInUseException if this node is in the group already
     * @throws DisconnectedException if the session has ended, or ends meanwhile
     */
    BroadcastReceiver joinBroadcast(int id, Duration timeout) throws InterruptedException;

    /**
     * Joins a broadcast group; see {@link #joinBroadcast(int, Duration)}.
     *
     * @param config which one, by its id, its name or both
     * @param timeout how long to try to join
     * @throws GroupNameMismatchException if the coordinator calls the group with this id by another name
     * @throws GroupIdRequiredException if there is only a name, and the coordinator does not know names
     */
    BroadcastReceiver joinBroadcast(MembershipConfig config, Duration timeout) throws InterruptedException;

    /**
     * Joins a collective group, to take part from the first round that is not complete. The coordinator may create the group
     * meanwhile.
     *
     * @param group which one, by its id, its name or both; its timeout is how long calls wait that say nothing else
     * @param config what its values are; with the same names of codec and reducer at all nodes
     * @param timeout how long to try to join
     * @throws JoinTimeoutException if the coordinator does not admit this node in time: it has no such group, or has not
     *     accepted this node
     * @throws UnsupportedGroupException if the coordinator does not know collectives
     * @throws GroupTypeMismatchException if it is a group of another type
     * @throws GroupInUseException if this node is in the group already
     * @throws DisconnectedException if the session has ended, or ends meanwhile
     * @throws GroupNameMismatchException if the coordinator calls the group with this id by another name
     */
    <T> Collective<T> joinCollective(MembershipConfig group, CollectiveConfig<T> config, Duration timeout)
            throws InterruptedException;

    /** The groups that this node has joined and not left, those that it has lost included. */
    List<Group> groups();

    /** Tells this incarnation of the member from others at its address; never 0, and another one in each session it joins. */
    long incarnation();

    /** The incarnation of the coordinator; empty if the coordinator speaks only protocol 0.1, which does not tell. */
    OptionalLong coordinatorIncarnation();

    /** In which term the coordinator of the last session was elected; 0 when nobody has elected it, or it does not tell. */
    long term();

    /** The smoothed time that the coordinator takes to answer; empty until measured. */
    Optional<Duration> roundTrip();

    /** When something was last received from the coordinator. */
    Instant coordinatorLastHeard();

    /** What this member has counted, in all sessions that it has joined. */
    SessionStatistics statistics();

    /**
     * From now on calls {@code listener} when this member loses its session or a group. What it lacks already is told at once:
     * its session, and the groups that it is about to join again.
     */
    void addListener(MemberListener listener);

    /** Calls {@code listener} no more, but for what it is being told already. Does nothing if it was not added. */
    void removeListener(MemberListener listener);

    /** Why this node is out of its session against its will, and what is tried next; empty while it is in, and once closed. */
    Optional<Loss> loss();

    /** Whether this node is in the session: it is neither closed nor has it lost its coordinator. */
    boolean isOpen();

    /**
     * Leaves all groups and the session, for which it waits at most 0.25 s, and at most 2 s for an attempt to rejoin to end.
     * Idempotent; waiting callers fail at once. Leaves no thread and no socket, except for a thread in which a
     * {@link CoordinatorLocator} can't be interrupted.
     */
    @Override
    void close();
}
