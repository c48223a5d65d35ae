package io.camure.test;

import io.camure.BroadcastGroup;
import io.camure.CollectiveConfig;
import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.CoordinatorCollective;
import io.camure.CoordinatorGroup;
import io.camure.GroupConfig;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A coordinator that a test directs; see {@link CamureTestNetwork#startCoordinator()}. */
public final class CamureTestCoordinator implements CamureTestPeer {

    private final CamureTestNetwork network;
    private final CamureTestHost host;
    private final Supplier<Coordinator> start;

    /** What to do again after a restart. */
    private final List<Consumer<Coordinator>> creations = new CopyOnWriteArrayList<>();

    private volatile Coordinator coordinator;
    private volatile boolean running = true;

    CamureTestCoordinator(CamureTestNetwork network, CamureTestHost host, Supplier<Coordinator> start) {
        this.network = network;
        this.host = host;
        this.start = start;
        coordinator = start.get();
    }

    /** The node itself, for whatever else it can do; another one after {@link #restart}. */
    public Coordinator coordinator() {
        return coordinator;
    }

    @Override
    public String name() {
        return host.hostName();
    }

    @Override
    public InetSocketAddress address() {
        return coordinator.address();
    }

    @Override
    public CamureTestHost host() {
        return host;
    }

    /** Creates a barrier, here and after each {@link #restart}; see {@link Coordinator#createBarrier}. */
    public synchronized CoordinatorBarrier createBarrier(GroupConfig config) {
        CoordinatorBarrier group = coordinator.createBarrier(config);
        creations.add(
                next -> next.createBarrier(config.toBuilder().id(group.id()).build()));
        return group;
    }

    /** Creates a barrier whose first round waits for so many members. */
    public CoordinatorBarrier createBarrier(int id, int expectedMembers) {
        return createBarrier(config(id, expectedMembers));
    }

    /** Creates a broadcast, here and after each {@link #restart}; see {@link Coordinator#createBroadcast}. */
    public synchronized BroadcastGroup createBroadcast(GroupConfig config) {
        BroadcastGroup group = coordinator.createBroadcast(config);
        creations.add(
                next -> next.createBroadcast(config.toBuilder().id(group.id()).build()));
        return group;
    }

    /** Creates a broadcast whose first message waits for so many members. */
    public BroadcastGroup createBroadcast(int id, int expectedMembers) {
        return createBroadcast(config(id, expectedMembers));
    }

    /** Creates a collective, here and after each {@link #restart}; see {@link Coordinator#createCollective}. */
    public synchronized <T> CoordinatorCollective<T> createCollective(GroupConfig config, CollectiveConfig<T> values) {
        CoordinatorCollective<T> group = coordinator.createCollective(config, values);
        creations.add(
                next -> next.createCollective(config.toBuilder().id(group.id()).build(), values));
        return group;
    }

    /** Creates a collective whose first round waits for so many members. */
    public <T> CoordinatorCollective<T> createCollective(int id, int expectedMembers, CollectiveConfig<T> values) {
        return createCollective(config(id, expectedMembers), values);
    }

    private GroupConfig config(int id, int expectedMembers) {
        return GroupConfig.builder()
                .id(id)
                .expectedMembers(expectedMembers)
                .timeout(network.patience())
                .build();
    }

    /**
     * The barrier with an id, of the node that runs now.
     *
     * @throws IllegalArgumentException when there is none
     */
    public CoordinatorBarrier barrier(int id) {
        return group(id, CoordinatorBarrier.class);
    }

    /** The barrier with a {@linkplain CamureTestNetwork#nameGroup name}; see {@link #barrier(int)}. */
    public CoordinatorBarrier barrier(String group) {
        return barrier(network.groupId(group));
    }

    /**
     * The broadcast with an id, of the node that runs now.
     *
     * @throws IllegalArgumentException when there is none
     */
    public BroadcastGroup broadcast(int id) {
        return group(id, BroadcastGroup.class);
    }

    /** The broadcast with a {@linkplain CamureTestNetwork#nameGroup name}; see {@link #broadcast(int)}. */
    public BroadcastGroup broadcast(String group) {
        return broadcast(network.groupId(group));
    }

    /**
     * The collective with an id, of the node that runs now.
     *
     * @param <T> what its values are, which is not checked
     * @throws IllegalArgumentException when there is none
     */
    @SuppressWarnings("unchecked")
    public <T> CoordinatorCollective<T> collective(int id) {
        return (CoordinatorCollective<T>) group(id, CoordinatorCollective.class);
    }

    /** The collective with a {@linkplain CamureTestNetwork#nameGroup name}; see {@link #collective(int)}. */
    public <T> CoordinatorCollective<T> collective(String group) {
        return collective(network.groupId(group));
    }

    private <G extends CoordinatorGroup> G group(int id, Class<G> type) {
        List<CoordinatorGroup> groups = coordinator.groups();
        return groups.stream()
                .filter(group -> group.id() == id && type.isInstance(group))
                .map(type::cast)
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("no " + type.getSimpleName() + " of " + name()
                        + " has the id " + id + "; there are " + groups));
    }

    /** Starts the next coordinator at the same address, with the groups created here; this one crashes unless it is over. */
    public synchronized void restart() {
        crash();
        coordinator = start.get();
        running = true;
        network.onStart(this);
        creations.forEach(creation -> creation.accept(coordinator));
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public void crash() {
        end(true);
    }

    @Override
    public void close() {
        end(host.isPaused());
    }

    private synchronized void end(boolean silently) {
        if (running) {
            running = false;
            PeerEnd.run(host, silently, coordinator::close);
            network.onEnd(this);
        }
    }

    @Override
    public String toString() {
        return coordinator.toString();
    }
}
