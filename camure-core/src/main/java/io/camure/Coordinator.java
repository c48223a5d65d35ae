package io.camure;

import io.camure.node.CoordinatorNode;
import io.camure.protocol.base.Checks;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The node that runs a session: members join it, it takes part in barriers and collectives and sends broadcasts.
 *
 * <pre>{@code
 * try (Coordinator coordinator = Coordinator.start(bindAddress, multicastAddress)) {
 *     CoordinatorBarrier startLine = coordinator.createBarrier(GroupConfig.builder().id(0).expectedMembers(2).build());
 *     startLine.await();
 * }
 * }</pre>
 *
 * <p>Uses one socket and one thread, one more of each if it is {@linkplain CoordinatorConfig.Builder#announced announced}, and
 * another thread while listeners have something to do. Thread-safe.
 */
public interface Coordinator extends AutoCloseable {

    /**
     * Starts a session with the default configuration; see
     * {@link #start(InetSocketAddress, InetSocketAddress, CoordinatorConfig)}.
     */
    static Coordinator start(InetSocketAddress bindAddress, InetSocketAddress multicastAddress) {
        return start(
                Checks.given("bindAddress", bindAddress),
                Checks.given("multicastAddress", multicastAddress),
                CoordinatorConfig.defaults());
    }

    /**
     * Starts a session at the pod's address, which the environment variable {@code POD_IP} has, else at the one from which this
     * machine sends by default, else on loopback, always at port 7400. See {@link #start(InetSocketAddress, CoordinatorConfig)}.
     */
    static Coordinator start(CoordinatorConfig config) {
        return start(null, null, config);
    }

    /**
     * Starts a session whose group traffic goes to an address in 239.255.0.0/16, with IPv6 in ff15::/16, and a port of
     * 16384…32767. Both follow from the session's name and this node's port, so that sessions which differ in one of these keep
     * apart.
     *
     * @param bindAddress where members reach this node; port 0 takes a free one, see {@link #address}
     * @throws SessionStartException if these addresses don't work on this machine
     */
    static Coordinator start(InetSocketAddress bindAddress, CoordinatorConfig config) {
        return start(Checks.given("bindAddress", bindAddress), null, config);
    }

    /**
     * Starts a session.
     *
     * @param bindAddress where members reach this node; port 0 takes a free one, see {@link #address}. With {@code null} as in
     *     {@link #start(CoordinatorConfig)}
     * @param multicastAddress where group traffic goes: IPv4 or IPv6 like the bind address, with a port of its own. With
     *     {@code null} as in {@link #start(InetSocketAddress, CoordinatorConfig)}
     * @throws SessionStartException if these addresses don't work on this machine
     * @throws IllegalArgumentException if the addresses don't fit together
     */
    static Coordinator start(
            @Nullable InetSocketAddress bindAddress,
            @Nullable InetSocketAddress multicastAddress,
            CoordinatorConfig config) {
        return CoordinatorNode.start(bindAddress, multicastAddress, config);
    }

    /**
     * Where members would reach a coordinator that is {@linkplain #start(InetSocketAddress, InetSocketAddress, CoordinatorConfig)
     * started} with the same arguments: looks whether the address can be bound, and lets go of it again. With port 0 it is one that
     * is free now. So a node knows what it offers before it is elected.
     *
     * @throws SessionStartException if these addresses don't work on this machine
     * @throws IllegalArgumentException if the addresses don't fit together
     */
    static InetSocketAddress addressFor(
            @Nullable InetSocketAddress bindAddress,
            @Nullable InetSocketAddress multicastAddress,
            CoordinatorConfig config) {
        return CoordinatorNode.addressFor(bindAddress, multicastAddress, Checks.given("config", config));
    }

    /** Where members reach this node, with the real port. */
    InetSocketAddress address();

    /** Where group traffic goes to members that hear it; with {@link DeliveryMode#UNICAST} nothing is sent there. */
    InetSocketAddress multicastAddress();

    /** How what is for all in a group gets to them. */
    DeliveryMode delivery();

    /** The name of the network interface through which group traffic leaves. */
    String networkInterface();

    /** By what the session is sealed, and with which secrets nodes are let in; empty in clear. */
    Optional<Security> security();

    /**
     * Lets in nodes from now on that have any of these secrets, and no others. Who is in stays in, whatever secret it has joined
     * with. So a secret is changed while all goes on: the new one before the old one here, then the new one at the members, as
     * they are started anew, then the new one alone here.
     *
     * <p>Where nodes show {@linkplain Certificates certificates}, those that this has are used from now on in the same way.
     *
     * @param security with the cipher that the session has, and with certificates if it has any, which can't be changed
     * @throws IllegalArgumentException for another cipher, and when one of both has certificates and the other has none
     * @throws IllegalStateException when the session is not sealed
     */
    void changeSecrets(Security security);

    /** The name of this node in threads, logs and errors. */
    String name();

    /** How datagrams are sent and received: {@code nio}, {@code linux} or another network's name. See {@link Transport}. */
    String transport();

    /**
     * Creates a barrier group.
     *
     * @throws GroupInUseException if a group with this id exists
     * @throws GroupIdsExhaustedException if the configuration names no id and none is free
     * @throws DisconnectedException if the session is closed
     * @throws IllegalArgumentException if more members are expected than the session may have, or a setting of broadcasts is set
     */
    CoordinatorBarrier createBarrier(GroupConfig groupConfig);

    /**
     * Creates a broadcast group.
     *
     * @throws GroupInUseException if a group with this id exists
     * @throws GroupIdsExhaustedException if the configuration names no id and none is free
     * @throws DisconnectedException if the session is closed
     * @throws IllegalArgumentException if more members are expected than the session may have, or a setting of barriers is set
     */
    BroadcastGroup createBroadcast(GroupConfig groupConfig);

    /**
     * Creates a collective group.
     *
     * @param config what its values are; with the same names of codec and reducer at all nodes
     * @throws GroupInUseException if a group with this id exists
     * @throws GroupIdsExhaustedException if the configuration names no id and none is free
     * @throws DisconnectedException if the session is closed
     * @throws IllegalArgumentException if more members are expected than the session may have, or a setting of broadcasts is set
     */
    <T> CoordinatorCollective<T> createCollective(GroupConfig groupConfig, CollectiveConfig<T> config);

    /** Tells this incarnation of the coordinator from earlier and later ones at its address; never 0. Members know it, too. */
    long incarnation();

    /** In which term this coordinator was elected; 0 when nobody has elected it. See {@link CoordinatorConfig.Builder#term}. */
    long term();

    /** The current groups of the session. */
    List<CoordinatorGroup> groups();

    /** How many members the session has, whether they are in a group or not. */
    int memberCount();

    /**
     * How many members are served by unicast: those that are deaf, those of which it is not known yet, and with
     * {@link DeliveryMode#UNICAST} all.
     */
    int unicastMembers();

    /** The members that do not hear group traffic, and so are served by unicast; empty but with {@link DeliveryMode#AUTO}. */
    List<Node> deafMembers();

    /** The longest datagrams that are sent to each member; groups send what gets to all of their members. */
    List<MemberPath> memberPaths();

    /** Has a listener told from now on which members get deaf or hear again, how long datagrams to them are, and of the end of the lease. */
    void addListener(CoordinatorListener listener);

    /** Tells a listener no more; without effect on one that is not there. */
    void removeListener(CoordinatorListener listener);

    SessionStatistics statistics();

    /** Whether this node coordinates: it was neither closed nor has its {@linkplain CoordinatorConfig.Builder#lease lease} ended. */
    boolean isOpen();

    /**
     * Ends the session in favour of another coordinator: within 20 ms, without waiting for what is under way. The members lose the session
     * with {@link DisconnectedException.Reason#COORDINATOR_LOST}, as if this node had gone, but without having to find that out,
     * and look for the next coordinator. Those of earlier builds find out. Idempotent, as {@link #close}.
     */
    void handOver();

    /**
     * Ends the session: delivers what was sent and tells the members of each group, for at most 1.5 s, and for
     * {@link CoordinatorConfig.Builder#legacyLinger} longer while members that speak protocol 0.1 have not left. Idempotent;
     * waiting callers fail at once. Leaves no thread and no socket.
     */
    @Override
    void close();
}
