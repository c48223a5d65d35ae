package io.camure.test;

import io.camure.Barrier;
import io.camure.CamureException;
import io.camure.CamureTimeoutException;
import io.camure.CoordinatorConfig;
import io.camure.CoordinatorGroup;
import io.camure.Group;
import io.camure.MemberConfig;
import io.camure.Round;
import io.camure.RoundTimeoutException;
import io.camure.transport.Execution;
import io.camure.transport.SystemExecution;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A network in memory for the sessions of a test: unicast and multicast, no sockets, nothing of other networks is heard here.
 *
 * <pre>{@code
 * try (CamureTestNetwork network = CamureTestNetwork.create()) {
 *     CamureTestCoordinator coordinator = network.startCoordinator();
 *     CoordinatorBarrier startLine = coordinator.createBarrier(GroupConfig.builder().id(0).expectedMembers(1).build());
 *     CamureTestMember alice = network.joinMember("alice");
 *     network.lose(0.1);
 *     Round round = network.awaitRound(startLine, alice.joinBarrier(0));
 * }
 * }</pre>
 *
 * <p>Each node runs on a {@link CamureTestHost} of its own, which has a name and an address. A datagram passes the
 * {@linkplain CamureTestHost#outgoing() outgoing} direction of its sender's cable, and the
 * {@linkplain CamureTestHost#incoming() incoming} direction of its receivers' ones. Faults happen there, drawn from a seed;
 * see {@link CamureTestLink}. Time is real unless the network is {@linkplain #on on something else}.
 *
 * <p>Takes one thread, and that only while datagrams are delayed. Thread-safe.
 */
public final class CamureTestNetwork implements AutoCloseable {

    private static final String DEFAULT_SESSION = "default";
    private static final String COORDINATOR = "coordinator";

    private final TestFabric fabric;
    private final Map<String, CamureTestSession> sessions = new HashMap<>();
    private final List<CamureTestPeer> peers = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> groupIds = new ConcurrentHashMap<>();

    private volatile Duration patience = Duration.ofSeconds(30);

    /**
     * What has become of datagrams.
     *
     * @param delivered those that got into a receive buffer; group traffic counts once for each receiver
     * @param lost by a {@linkplain CamureTestLink#lose lossy link}
     * @param duplicated by a {@linkplain CamureTestLink#duplicate duplicating link}
     * @param cut between hosts that can't reach each other
     * @param overflowed for which the receive buffer had no room
     */
    public record Datagrams(long delivered, long lost, long duplicated, long cut, long overflowed) {}

    private CamureTestNetwork(Execution execution, long seed) {
        fabric = new TestFabric(execution, seed);
    }

    /** A network without faults, with seed 0. */
    public static CamureTestNetwork create() {
        return withSeed(0);
    }

    /** A network without faults. */
    public static CamureTestNetwork withSeed(long seed) {
        return on(SystemExecution.instance(), seed);
    }

    /**
     * A network without faults whose nodes run on something else than the system's threads and clock, as in a simulation. So
     * do delayed datagrams.
     */
    public static CamureTestNetwork on(Execution execution, long seed) {
        return new CamureTestNetwork(execution, seed);
    }

    /** How long the waiting methods of this network and its peers wait at most; 30 s unless told. */
    public CamureTestNetwork patience(Duration patience) {
        this.patience = patience;
        return this;
    }

    /** See {@link #patience(Duration)}. */
    public Duration patience() {
        return patience;
    }

    /** The only session there is, or the one that an application configures without a name. */
    public CamureTestSession session() {
        return session(DEFAULT_SESSION);
    }

    /**
     * A session with a name. Each has addresses of its own, and a host for its coordinator: {@code coordinator} for the one
     * named {@code default}, {@code orders-coordinator} for one named {@code orders}.
     */
    public synchronized CamureTestSession session(String name) {
        return sessions.computeIfAbsent(
                name,
                absent -> new CamureTestSession(
                        this,
                        host(name.equals(DEFAULT_SESSION) ? COORDINATOR : name + "-" + COORDINATOR),
                        sessions.size()));
    }

    /** The host with a name, which is made when there is none. */
    public CamureTestHost host(String name) {
        return fabric.host(name);
    }

    /** Sets the {@linkplain CamureTestLink#lose loss} of all incoming links, those of hosts to come included. */
    public CamureTestNetwork lose(double probability) {
        fabric.everywhere(link -> link.lose(probability));
        return this;
    }

    /** Sets the {@linkplain CamureTestLink#duplicate duplication} of all incoming links, those of hosts to come included. */
    public CamureTestNetwork duplicate(double probability) {
        fabric.everywhere(link -> link.duplicate(probability));
        return this;
    }

    /** Sets the {@linkplain CamureTestLink#reorder reordering} of all incoming links, those of hosts to come included. */
    public CamureTestNetwork reorder(double probability) {
        fabric.everywhere(link -> link.reorder(probability));
        return this;
    }

    /**
     * Sets the {@linkplain CamureTestLink#delay(Duration, Duration) delay} of all incoming links, those of hosts to come
     * included.
     */
    public CamureTestNetwork delay(Duration least, Duration most) {
        fabric.everywhere(link -> link.delay(least, most));
        return this;
    }

    /**
     * Splits the network in two: these hosts, and all others. Within each half datagrams pass. Replaces the partition before.
     *
     * @param hostNames may name hosts that come later
     */
    public CamureTestNetwork partition(String... hostNames) {
        fabric.cutOff(Set.of(hostNames));
        return this;
    }

    /** Ends the partition. */
    public CamureTestNetwork heal() {
        fabric.cutOff(Set.of());
        return this;
    }

    /** Ends the partition and all faults, connects all hosts, admits multicast to them and lets paused ones go on. */
    public CamureTestNetwork repair() {
        fabric.repair();
        return this;
    }

    /** What has become of datagrams so far. */
    public Datagrams datagrams() {
        return fabric.datagrams();
    }

    /** Has peers find a group by a name, too. */
    public CamureTestNetwork nameGroup(String name, int id) {
        groupIds.put(name, id);
        return this;
    }

    /** @throws IllegalArgumentException when no group has the name */
    int groupId(String name) {
        Integer id = groupIds.get(name);
        if (id == null) {
            throw new IllegalArgumentException("no group with a known id is named " + name + "; there are "
                    + new TreeMap<>(groupIds) + ". Give it an id, or name it by nameGroup");
        }
        return id;
    }

    /** Starts a coordinator of the {@linkplain #session() only session}; see {@link CamureTestSession#startCoordinator()}. */
    public CamureTestCoordinator startCoordinator() {
        return session().startCoordinator();
    }

    /**
     * Starts a coordinator of the {@linkplain #session() only session}; see
     * {@link CamureTestSession#startCoordinator(Consumer)}.
     */
    public CamureTestCoordinator startCoordinator(Consumer<CoordinatorConfig.Builder> settings) {
        return session().startCoordinator(settings);
    }

    /** Has a member join the {@linkplain #session() only session}; see {@link CamureTestSession#joinMember(String)}. */
    public CamureTestMember joinMember(String name) throws InterruptedException {
        return session().joinMember(name);
    }

    /**
     * Has a member join the {@linkplain #session() only session}; see
     * {@link CamureTestSession#joinMember(String, Consumer)}.
     */
    public CamureTestMember joinMember(String name, Consumer<MemberConfig.Builder> settings)
            throws InterruptedException {
        return session().joinMember(name, settings);
    }

    /** The coordinators and members that were made here and are not over, in the order in which they were made. */
    public List<CamureTestPeer> peers() {
        return List.copyOf(peers);
    }

    void onStart(CamureTestPeer peer) {
        peers.add(peer);
    }

    void onEnd(CamureTestPeer peer) {
        peers.remove(peer);
    }

    /**
     * Waits until so many members are in a group.
     *
     * @throws CamureTimeoutException when they are not within the {@linkplain #patience() patience}
     */
    public void awaitMembers(CoordinatorGroup group, int count) throws InterruptedException {
        group.awaitMembers(count, patience);
    }

    /**
     * Waits until this node is in all these groups.
     *
     * @throws ConditionTimeoutException when it is not within the {@linkplain #patience() patience}
     */
    public void awaitOpen(Group... groups) {
        Waiting.until("open groups", patience, () -> Stream.of(groups).allMatch(Group::isOpen));
    }

    /**
     * Has all these nodes arrive at their barrier, and waits until the round is complete: with whoever else takes part.
     *
     * @param first waits as long as the {@linkplain #patience() patience}
     * @param others wait as long as they are configured to
     * @return the round as the first one sees it
     * @throws CamureException what the round of any of them fails with
     * @throws RoundTimeoutException when it is not complete in time
     */
    public Round awaitRound(Barrier first, Barrier... others) throws InterruptedException {
        return Waiting.round(patience, first, others);
    }

    /** Ends all peers without a goodbye, and loses what is under way. Nodes that were made elsewhere are not closed. */
    @Override
    public void close() {
        List<CamureTestPeer> all = peers();
        for (int i = all.size() - 1; i >= 0; i--) {
            all.get(i).crash();
        }
        fabric.close();
    }
}
