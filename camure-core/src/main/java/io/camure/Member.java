package io.camure;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A node in a session that another one coordinates.
 *
 * <pre>{@code
 * try (Member member = Member.join(coordinatorAddress)) {
 *     Barrier startLine = member.joinBarrier(0);
 *     startLine.await();
 * }
 * }</pre>
 *
 * <p>Takes two sockets and one thread. Thread-safe.
 */
public interface Member extends AutoCloseable {

    /** Joins a session with the default configuration; see {@link #join(InetSocketAddress, MemberConfig)}. */
    static Member join(InetSocketAddress coordinatorAddress) throws InterruptedException {
        return join(coordinatorAddress, MemberConfig.defaults());
    }

    /**
     * Joins a session: asks the coordinator again and again, until it answers or the join timeout is over.
     *
     * @throws JoinTimeoutException when it does not answer
     * @throws ProtocolVersionException when it speaks no version of the protocol that this node does
     * @throws SessionStartException when that can't work on this machine
     */
    static Member join(InetSocketAddress coordinatorAddress, MemberConfig config) throws InterruptedException {
        return MemberNode.join(coordinatorAddress, config);
    }

    /** The address that identifies this node in the session. */
    InetSocketAddress address();

    InetSocketAddress coordinatorAddress();

    /** What threads, logs and errors call this node. */
    String name();

    /** By what datagrams are sent and received: {@code nio}, {@code linux} or another network's name. See {@link Transport}. */
    String transport();

    /** Joins a barrier group with the configured join timeout; see {@link #joinBarrier(int, Duration)}. */
    Barrier joinBarrier(int id) throws InterruptedException;

    /**
     * Joins a barrier group: takes part from its next complete round on. It may be created at the coordinator meanwhile.
     *
     * @param id 0…65535
     * @param timeout how long to try to get in; a wait at the barrier ends after a minute unless told otherwise
     * @throws JoinTimeoutException when the coordinator does not let this node in: it has no such group, or has not
     *     accepted it
     * @throws GroupTypeMismatchException when it is a broadcast group
     * @throws GroupInUseException when this node is in the group already
     * @throws DisconnectedException when the session is or gets over
     */
    Barrier joinBarrier(int id, Duration timeout) throws InterruptedException;

    /**
     * Joins a barrier group; see {@link #joinBarrier(int, Duration)}.
     *
     * @param awaitTimeout how long {@link Barrier#await()} waits
     */
    Barrier joinBarrier(int id, Duration timeout, Duration awaitTimeout) throws InterruptedException;

    /** Joins a broadcast group with the configured join timeout; see {@link #joinBroadcast(int, Duration)}. */
    BroadcastReceiver joinBroadcast(int id) throws InterruptedException;

    /**
     * Joins a broadcast group: receives the messages that are begun from now on. It may be created at the coordinator
     * meanwhile. While the coordinator writes a message nobody gets in.
     *
     * @param id 0…65535
     * @param timeout how long to try to get in
     * @throws JoinTimeoutException when the coordinator does not let this node in: it has no such group, or has not
     *     accepted it
     * @throws GroupTypeMismatchException when it is a barrier group
     * @throws GroupInUseException when this node is in the group already
     * @throws DisconnectedException when the session is or gets over
     */
    BroadcastReceiver joinBroadcast(int id, Duration timeout) throws InterruptedException;

    /** Tells this run of the member from others at its address; never 0. */
    long incarnation();

    /** Which run of the coordinator this node is in a session of; empty when that is a 0.1 one, which does not tell. */
    OptionalLong coordinatorIncarnation();

    /** How long the coordinator takes to answer, smoothed; empty while that was not measured. */
    Optional<Duration> roundTrip();

    /** When something of the coordinator was last received. */
    Instant coordinatorLastHeard();

    SessionStatistics statistics();

    /** Has a listener told what happens to this member from now on. */
    void addListener(MemberListener listener);

    /** Whether this node is in the session: neither closed nor without its coordinator. */
    boolean isOpen();

    /**
     * Leaves all groups and the session, for which it waits a quarter of a second at most. Idempotent; waiting callers fail
     * at once. Leaves no thread and no socket.
     */
    @Override
    void close();
}
