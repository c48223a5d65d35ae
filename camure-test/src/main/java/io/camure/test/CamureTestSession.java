package io.camure.test;

import io.camure.Coordinator;
import io.camure.CoordinatorConfig;
import io.camure.JoinTimeoutException;
import io.camure.Member;
import io.camure.MemberConfig;
import io.camure.Security;
import io.camure.SessionStartException;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The addresses of a session in a {@link CamureTestNetwork}, and the nodes that tests direct there. Thread-safe. */
public final class CamureTestSession {

    private static final int COORDINATOR_PORT = 7400;
    private static final int MULTICAST_PORT = 7401;

    private final CamureTestNetwork network;
    private final CamureTestHost coordinatorHost;
    private final InetSocketAddress multicastAddress;
    private volatile @Nullable String sessionName;
    private volatile @Nullable Security security;

    CamureTestSession(CamureTestNetwork network, CamureTestHost coordinatorHost, int number) {
        this.network = network;
        this.coordinatorHost = coordinatorHost;
        int group = 239 << 24 | 255 << 16 | (74 << 8) + number;
        multicastAddress = new InetSocketAddress(TestFabric.address("group", group), MULTICAST_PORT);
    }

    /** What the node runs on that coordinates the session, whichever that is. */
    public CamureTestHost coordinatorHost() {
        return coordinatorHost;
    }

    /** Where the node that coordinates is reached. */
    public InetSocketAddress coordinatorAddress() {
        return new InetSocketAddress(coordinatorHost.address(), COORDINATOR_PORT);
    }

    /** Where group traffic goes. */
    public InetSocketAddress multicastAddress() {
        return multicastAddress;
    }

    /** Calls the session so at the nodes that are started here from now on; see {@link CoordinatorConfig.Builder#sessionName}. */
    public CamureTestSession sessionName(String name) {
        sessionName = name;
        return this;
    }

    /** Seals the session at the nodes that are started here from now on; see {@link CoordinatorConfig.Builder#security}. */
    public CamureTestSession security(Security security) {
        this.security = security;
        return this;
    }

    /** Starts a coordinator with the default configuration; see {@link #startCoordinator(Consumer)}. */
    public CamureTestCoordinator startCoordinator() {
        return startCoordinator(settings -> {});
    }

    /**
     * Starts a coordinator at {@link #coordinatorAddress}.
     *
     * @param settings changes its configuration
     * @throws SessionStartException when there is a coordinator already
     */
    public CamureTestCoordinator startCoordinator(Consumer<CoordinatorConfig.Builder> settings) {
        CoordinatorConfig.Builder config =
                CoordinatorConfig.builder().name(coordinatorHost.hostName()).network(coordinatorHost);
        String called = sessionName;
        if (called != null) {
            config.sessionName(called);
        }
        Security sealing = security;
        if (sealing != null) {
            config.security(sealing);
        }
        settings.accept(config);
        CamureTestCoordinator coordinator = new CamureTestCoordinator(
                network,
                coordinatorHost,
                () -> Coordinator.start(coordinatorAddress(), multicastAddress, config.build()));
        network.onStart(coordinator);
        return coordinator;
    }

    /** Has a member join with the default configuration; see {@link #joinMember(String, Consumer)}. */
    public CamureTestMember joinMember(String name) throws InterruptedException {
        return joinMember(name, settings -> {});
    }

    /**
     * Has a member join the session of the coordinator at {@link #coordinatorAddress}.
     *
     * @param name of the member and its host
     * @param settings changes its configuration
     * @throws IllegalStateException when a peer of this name is there already
     * @throws JoinTimeoutException when no coordinator answers within the network's patience
     */
    public CamureTestMember joinMember(String name, Consumer<MemberConfig.Builder> settings)
            throws InterruptedException {
        if (network.peers().stream().anyMatch(peer -> peer.name().equals(name))) {
            throw new IllegalStateException(name + " is in the test network already");
        }
        CamureTestHost host = network.host(name);
        MemberConfig.Builder config = MemberConfig.builder()
                .name(name)
                .network(host)
                .joinTimeout(network.patience())
                .messageTimeout(network.patience());
        String called = sessionName;
        if (called != null) {
            config.sessionName(called);
        }
        Security sealing = security;
        if (sealing != null) {
            config.security(sealing);
        }
        settings.accept(config);
        CamureTestMember member =
                new CamureTestMember(network, host, Member.join(coordinatorAddress(), config.build()));
        network.onStart(member);
        return member;
    }
}
