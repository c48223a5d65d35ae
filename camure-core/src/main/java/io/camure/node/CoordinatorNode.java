package io.camure.node;

import io.camure.BroadcastGroup;
import io.camure.CamureException;
import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.CoordinatorConfig;
import io.camure.CoordinatorGroup;
import io.camure.GroupConfig;
import io.camure.Node;
import io.camure.SessionStartException;
import io.camure.SessionStatistics;
import io.camure.node.barrier.CoordinatorBarriers;
import io.camure.node.broadcast.CoordinatorBroadcasts;
import io.camure.node.group.CoordinatorGroups;
import io.camure.node.group.FutureExecutor;
import io.camure.node.group.NodeContext;
import io.camure.node.group.SessionEnd;
import io.camure.node.session.Ports;
import io.camure.node.session.Statistics;
import io.camure.protocol.base.Checks;
import io.camure.protocol.base.Format;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.group.SessionSettings;
import io.camure.protocol.session.CoordinatorSession;
import io.camure.runtime.EventDispatcher;
import io.camure.runtime.SessionDriver;
import io.camure.runtime.SessionObserver;
import io.camure.transport.DatagramPort;
import io.camure.transport.Execution;
import io.camure.transport.PortOptions;
import io.camure.transport.PortProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A coordinator: its state machine, what drives it, and the groups that users see. */
public final class CoordinatorNode implements Coordinator, NodeContext, SessionObserver {

    private static final Logger log = LoggerFactory.getLogger(CoordinatorNode.class);

    private final CoordinatorConfig config;
    private final InetSocketAddress multicastAddress;
    private final NetworkInterface networkInterface;
    private final String transport;
    private final DatagramPort port;
    private final CoordinatorSession session;
    private final SessionDriver driver;
    private final EventDispatcher dispatcher;
    private final FutureExecutor futureExecutor;
    private volatile int memberCount;
    private final CoordinatorGroups groups;

    private CoordinatorNode(
            PortProvider provider,
            DatagramPort port,
            InetSocketAddress multicastAddress,
            NetworkInterface networkInterface,
            CoordinatorConfig config) {
        this.config = config;
        transport = provider.name();
        Execution execution = provider.execution();
        this.multicastAddress = multicastAddress;
        this.networkInterface = networkInterface;
        this.port = port;
        session = new CoordinatorSession(
                new SessionSettings(
                        multicastAddress,
                        config.chunkSize(),
                        config.heartbeatInterval().toNanos(),
                        config.memberTimeout().toNanos(),
                        config.legacyLinger().toNanos(),
                        config.maximumMembers(),
                        config.sendWindow(),
                        port.receiveBufferBytes(),
                        config.name()),
                execution.newRandom());
        driver = new SessionDriver(
                "camure-" + config.name(),
                session,
                port,
                SessionDriver.Idle.valueOf(config.idleStrategy().name()),
                execution,
                this);
        dispatcher = new EventDispatcher("camure-" + config.name() + "-events", execution);
        futureExecutor = new FutureExecutor(config.name(), config.executor().orElse(null));
        groups = new CoordinatorGroups(this, session);
    }

    public static CoordinatorNode start(
            InetSocketAddress bindAddress, InetSocketAddress multicastAddress, CoordinatorConfig config) {
        String name = Checks.given("config", config).name();
        checkAddresses(bindAddress, multicastAddress);
        PortProvider provider;
        NetworkInterface networkInterface;
        try {
            provider = Ports.provider(config.network(), config.transport());
            networkInterface =
                    provider.networkInterface(config.networkInterface().orElse(null), bindAddress.getAddress());
        } catch (IOException e) {
            throw new SessionStartException(name + ": " + e.getMessage(), e);
        }
        checkMulticast(name, provider, bindAddress, multicastAddress, networkInterface);
        PortOptions options =
                new PortOptions(networkInterface, config.multicastTtl(), config.sendBuffer(), config.receiveBuffer());
        DatagramPort port;
        try {
            port = provider.open(bindAddress, options);
        } catch (IOException e) {
            throw new SessionStartException(
                    name + ": can't bind to " + Format.address(bindAddress) + ": " + e.getMessage()
                            + ". Is the port taken, or the address not one of this machine?",
                    e);
        }
        try {
            CoordinatorNode coordinator =
                    new CoordinatorNode(provider, port, multicastAddress, networkInterface, config);
            log.info(
                    "{}: session started at {}, group traffic to {} by {}, transport {}",
                    name,
                    Format.address(coordinator.address()),
                    Format.address(multicastAddress),
                    networkInterface.getName(),
                    provider.name());
            // Last: whatever fails before has nothing to close but the port.
            coordinator.driver.start();
            return coordinator;
        } catch (Throwable e) {
            Ports.closeAfter(e, port);
            throw e;
        }
    }

    private static void checkAddresses(InetSocketAddress bindAddress, InetSocketAddress multicastAddress) {
        if (Checks.given("bindAddress", bindAddress).isUnresolved()) {
            throw new IllegalArgumentException(
                    "bind address " + Format.address(bindAddress) + ": the host name can't be resolved");
        }
        InetAddress group = Checks.given("multicastAddress", multicastAddress).getAddress();
        if (group == null || !group.isMulticastAddress()) {
            throw new IllegalArgumentException("multicast address " + Format.address(multicastAddress)
                    + ": it must be in 224.0.0.0/4 (such as 239.255.74.0) or ff00::/8");
        }
        if (multicastAddress.getPort() == 0) {
            throw new IllegalArgumentException(
                    "multicast address " + Format.address(multicastAddress) + ": it needs a port, 1…65535");
        }
        if (group.getClass() != bindAddress.getAddress().getClass()) {
            throw new IllegalArgumentException("multicast address " + Format.address(multicastAddress)
                    + " and bind address " + Format.address(bindAddress) + ": both must be IPv4, or both IPv6");
        }
    }

    private static void checkMulticast(
            String name,
            PortProvider provider,
            InetSocketAddress bindAddress,
            InetSocketAddress multicastAddress,
            NetworkInterface networkInterface) {
        try {
            provider.checkMulticastRoute(bindAddress, multicastAddress, networkInterface);
        } catch (IOException e) {
            boolean ipv6Loopback = bindAddress.getAddress().isLoopbackAddress()
                    && bindAddress.getAddress().getAddress().length > 4;
            throw new SessionStartException(
                    name + ": multicast to " + Format.address(multicastAddress) + " can't leave by network interface "
                            + networkInterface.getName() + ": " + e.getMessage()
                            + (ipv6Loopback
                                    ? ". The kernel has no route for IPv6 multicast on loopback: use IPv4 there,"
                                            + " such as 127.0.0.1 and 239.255.74.0"
                                    : ". Set the network interface to one that has a route for it"),
                    e);
        }
    }

    @Override
    public InetSocketAddress address() {
        return port.localAddress();
    }

    @Override
    public Node node() {
        return new Node(name(), address(), incarnation());
    }

    @Override
    public InetSocketAddress multicastAddress() {
        return multicastAddress;
    }

    @Override
    public String networkInterface() {
        return networkInterface.getName();
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public String transport() {
        return transport;
    }

    @Override
    public CoordinatorBarrier createBarrier(GroupConfig groupConfig) {
        return groups.create(CoordinatorBarriers.BARRIERS, groupConfig);
    }

    @Override
    public BroadcastGroup createBroadcast(GroupConfig groupConfig) {
        return groups.create(CoordinatorBroadcasts.BROADCASTS, groupConfig);
    }

    @Override
    public long incarnation() {
        return session.incarnation();
    }

    @Override
    public int memberCount() {
        driver.refresh();
        return memberCount;
    }

    @Override
    public SessionStatistics statistics() {
        return Statistics.of(session.counters(), driver);
    }

    @Override
    public boolean isOpen() {
        return !driver.isClosed();
    }

    @Override
    public FutureExecutor futureExecutor() {
        return futureExecutor;
    }

    @Override
    public SessionDriver driver() {
        return driver;
    }

    @Override
    public EventDispatcher dispatcher() {
        return dispatcher;
    }

    @Override
    public @Nullable CamureException end() {
        return SessionEnd.of(driver, name());
    }

    @Override
    public void onEvent(SessionEvent event) {
        groups.onEvent(event);
    }

    @Override
    public void onFailure(Throwable cause) {
        // Waiting calls are told, and all later ones.
    }

    @Override
    public void publish() {
        int members = session.peerCount();
        if (memberCount != members) {
            memberCount = members;
        }
        groups.publish();
    }

    @Override
    public void close() {
        if (driver.isClosed()) {
            // Whoever has closed it may not be done with that.
            driver.close();
            return;
        }
        groups.closeAll();
        driver.close();
        dispatcher.close();
        log.info("{}: session closed", name());
    }

    @Override
    public String toString() {
        return name() + ": coordinator at " + Format.address(address());
    }

    @Override
    public List<CoordinatorGroup> groups() {
        return groups.all();
    }
}
