package io.camure;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * The node that runs a session: members join it, and it runs barriers and sends broadcasts.
 *
 * <pre>{@code
 * try (Coordinator coordinator = Coordinator.start(bindAddress, multicastAddress)) {
 *     CoordinatorBarrier startLine = coordinator.createBarrier(GroupConfig.defaults().id(0).expectedMembers(2));
 *     startLine.await();
 * }
 * }</pre>
 *
 * <p>Takes one socket and one thread, and another thread while listeners have something to do. Thread-safe.
 */
public interface Coordinator extends AutoCloseable {

    /**
     * Starts a session with the default configuration; see
     * {@link #start(InetSocketAddress, InetSocketAddress, CoordinatorConfig)}.
     */
    static Coordinator start(InetSocketAddress bindAddress, InetSocketAddress multicastAddress) {
        return start(bindAddress, multicastAddress, CoordinatorConfig.defaults());
    }

    /**
     * Starts a session.
     *
     * @param bindAddress where members reach this node; port 0 takes a free one, see {@link #address}
     * @param multicastAddress where group traffic goes: IPv4 or IPv6 as the bind address, with a port of its own
     * @throws SessionStartException when that does not work on this machine
     * @throws IllegalArgumentException when the addresses don't fit together
     */
    static Coordinator start(
            InetSocketAddress bindAddress, InetSocketAddress multicastAddress, CoordinatorConfig config) {
        return CoordinatorNode.start(bindAddress, multicastAddress, config);
    }

    /** Where members reach this node, with the real port. */
    InetSocketAddress address();

    InetSocketAddress multicastAddress();

    /** The name of the network interface by which group traffic leaves. */
    String networkInterface();

    /** What threads, logs and errors call this node. */
    String name();

    /** By what datagrams are sent and received: {@code nio}, {@code linux} or another network's name. See {@link Transport}. */
    String transport();

    /**
     * Creates a barrier group.
     *
     * @throws GroupInUseException when there is a group with this id
     * @throws GroupIdsExhaustedException when no id was asked for and none is free
     * @throws DisconnectedException when the session is closed
     */
    CoordinatorBarrier createBarrier(GroupConfig groupConfig);

    /**
     * Creates a broadcast group.
     *
     * @throws GroupInUseException when there is a group with this id
     * @throws GroupIdsExhaustedException when no id was asked for and none is free
     * @throws DisconnectedException when the session is closed
     */
    BroadcastGroup createBroadcast(GroupConfig groupConfig);

    /** Tells this run of the coordinator from others at its address; never 0. Members know it, too. */
    long incarnation();

    /** The groups of the session now. */
    List<CoordinatorGroup> groups();

    /** How many nodes are in the session, whether in a group or not. */
    int memberCount();

    SessionStatistics statistics();

    boolean isOpen();

    /**
     * Ends the session: what was sent is delivered, and the members of each group are told, for which it waits a second and a
     * half at most. Idempotent; waiting callers fail at once. Leaves no thread and no socket.
     */
    @Override
    void close();
}
