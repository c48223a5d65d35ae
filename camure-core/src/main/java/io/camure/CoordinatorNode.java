package io.camure;

import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.LossPolicy;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.Admission;
import io.camure.protocol.group.GroupWork;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.group.SessionSettings;
import io.camure.protocol.session.CoordinatorSession;
import io.camure.runtime.EventDispatcher;
import io.camure.runtime.SessionDriver;
import io.camure.transport.DatagramPort;
import io.camure.transport.Execution;
import io.camure.transport.PortOptions;
import io.camure.transport.PortProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A coordinator: its state machine, what drives it, and the groups that users see. */
final class CoordinatorNode implements Coordinator, SessionDriver.Observer {

    /** How long {@link #close} waits for members to acknowledge what was sent, and then to confirm the end. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long CLOSE_CONFIRMATION_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

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
    private final PublishedStatistics statistics = new PublishedStatistics();
    private volatile int memberCount;
    private final Map<Integer, GroupAtCoordinator> groups = new ConcurrentHashMap<>();

    /** The same groups, to go through without an iterator in each turn. Guarded by the driver's lock. */
    private final List<GroupAtCoordinator> published = new ArrayList<>();

    /** There are no more groups from now on. Guarded by the driver's lock. */
    private boolean closing;

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
                        config.maximumMembers(),
                        config.sendWindow(),
                        port.receiveBufferBytes()),
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
    }

    static CoordinatorNode start(
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
                    name + ": can't bind to " + bindAddress + ": " + e.getMessage()
                            + ". Is the port taken, or the address not one of this machine?",
                    e);
        }
        try {
            CoordinatorNode coordinator =
                    new CoordinatorNode(provider, port, multicastAddress, networkInterface, config);
            log.info(
                    "{}: session started at {}, group traffic to {} by {}, transport {}",
                    name,
                    coordinator.address(),
                    multicastAddress,
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
            throw new IllegalArgumentException("bind address " + bindAddress + ": the host name can't be resolved");
        }
        InetAddress group = Checks.given("multicastAddress", multicastAddress).getAddress();
        if (group == null || !group.isMulticastAddress()) {
            throw new IllegalArgumentException("multicast address " + multicastAddress
                    + ": it must be in 224.0.0.0/4 (such as 239.255.74.0) or ff00::/8");
        }
        if (multicastAddress.getPort() == 0) {
            throw new IllegalArgumentException("multicast address " + multicastAddress + ": it needs a port, 1…65535");
        }
        if (group.getClass() != bindAddress.getAddress().getClass()) {
            throw new IllegalArgumentException("multicast address " + multicastAddress + " and bind address "
                    + bindAddress + ": both must be IPv4, or both IPv6");
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
                    name + ": multicast to " + multicastAddress + " can't leave by network interface "
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
    public BarrierAtCoordinator createBarrier(GroupConfig groupConfig) {
        return create(
                groupConfig,
                id -> session.create(BarrierKind.BARRIER, id, admission(groupConfig), lossPolicy(groupConfig)),
                group -> new BarrierAtCoordinator(this, group, groupConfig));
    }

    @Override
    public BroadcastAtCoordinator createBroadcast(GroupConfig groupConfig) {
        return create(
                groupConfig,
                id -> session.create(
                        BroadcastKind.BROADCAST, id, admission(groupConfig), slowMemberPolicy(groupConfig)),
                group -> new BroadcastAtCoordinator(this, group, groupConfig));
    }

    private static Admission admission(GroupConfig groupConfig) {
        return new Admission(!groupConfig.isManualAdmission(), groupConfig.expectedMembers());
    }

    private static LossPolicy lossPolicy(GroupConfig groupConfig) {
        return groupConfig.onMemberLoss() == MemberLoss.BREAK ? LossPolicy.BREAK : LossPolicy.CONTINUE;
    }

    private static SlowMemberPolicy slowMemberPolicy(GroupConfig groupConfig) {
        return new SlowMemberPolicy(
                groupConfig.slowMemberPatience().toNanos(), groupConfig.slowMember() == SlowMember.EVICT);
    }

    private <W extends GroupWork, G extends GroupAtCoordinator> G create(
            GroupConfig groupConfig,
            Function<Integer, ManagedGroup<W>> creation,
            Function<ManagedGroup<W>, G> wrapping) {
        Checks.given("groupConfig", groupConfig);
        return driver.execute(nowNanos -> {
            CamureException end = end();
            if (end != null) {
                throw end;
            }
            if (closing) {
                throw SessionEnd.closed(name());
            }
            int id = groupConfig.id().orElseGet(session::firstFreeGroupId);
            if (id < 0) {
                throw new GroupIdsExhaustedException();
            }
            if (session.hasGroup(id)) {
                throw new GroupInUseException(name() + ": there is a group " + id + " already");
            }
            G group = wrapping.apply(creation.apply(id));
            groups.put(id, group);
            published.add(group);
            return group;
        });
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
        driver.refresh();
        return statistics.read();
    }

    @Override
    public boolean isOpen() {
        return !driver.isClosed();
    }

    FutureExecutor futureExecutor() {
        return futureExecutor;
    }

    SessionDriver driver() {
        return driver;
    }

    EventDispatcher dispatcher() {
        return dispatcher;
    }

    /** Why nothing can happen in the session any more, or {@code null}. */
    @Nullable
    CamureException end() {
        return SessionEnd.of(driver, name());
    }

    @Override
    public void onEvent(SessionEvent event) {
        if (event instanceof SessionEvent.MemberJoined joined) {
            withGroup(joined.group(), group -> group.onJoined(joined.member()));
        } else if (event instanceof SessionEvent.MemberLeft left) {
            withGroup(left.group(), group -> group.onLeft(left));
        } else if (event instanceof SessionEvent.MemberSlow slow) {
            withGroup(slow.group(), group -> group.onSlow(slow.member()));
        } else if (event instanceof SessionEvent.MemberCaughtUp caughtUp) {
            withGroup(caughtUp.group(), group -> group.onCaughtUp(caughtUp.member()));
        }
    }

    @Override
    public void onFailure(Throwable cause) {
        // Waiting calls are told, and all later ones.
    }

    @Override
    public void publish() {
        statistics.publish(port, session.counters());
        int members = session.peerCount();
        if (memberCount != members) {
            memberCount = members;
        }
        for (int i = 0; i < published.size(); i++) {
            published.get(i).publish();
        }
    }

    private void withGroup(int id, Consumer<GroupAtCoordinator> action) {
        GroupAtCoordinator group = groups.get(id);
        if (group != null) {
            action.accept(group);
        }
    }

    /** Closes groups together, so that their members are waited for once. Waiting callers fail at once. */
    void closeGroups(Collection<? extends GroupAtCoordinator> closing) {
        try {
            forEach(closing, (group, nowNanos) -> group.stop());
            // Who has joined just now may not have said so yet; for who does not, nothing may be held back.
            driver.await(
                    () -> closing.stream().noneMatch(group -> group.group.hasOpenAdmission()),
                    driver.nowNanos() + CLOSE_CONFIRMATION_NANOS);
            forEach(closing, ManagedGroup::endAdmissions);
            long lingerNanos = driver.nowNanos() + LINGER_NANOS;
            for (GroupAtCoordinator group : closing) {
                group.drain(lingerNanos);
            }
            forEach(closing, ManagedGroup::close);
            driver.await(
                    () -> closing.stream().allMatch(group -> group.group.isCloseConfirmed()),
                    driver.nowNanos() + CLOSE_CONFIRMATION_NANOS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            forEach(closing, (group, nowNanos) -> {
                group.close(nowNanos);
                session.removeGroup(group);
            });
            driver.execute(nowNanos -> published.removeAll(closing));
            closing.forEach(group -> groups.remove(group.id(), group));
        }
    }

    private void forEach(Collection<? extends GroupAtCoordinator> closing, ObjLongConsumer<ManagedGroup<?>> command) {
        driver.execute(nowNanos -> {
            closing.forEach(group -> command.accept(group.group, nowNanos));
            return null;
        });
    }

    @Override
    public void close() {
        if (driver.isClosed()) {
            // Whoever has closed it may not be done with that.
            driver.close();
            return;
        }
        List<GroupAtCoordinator> open = driver.execute(nowNanos -> {
            closing = true;
            return List.copyOf(groups.values());
        });
        closeGroups(open);
        driver.close();
        dispatcher.close();
        log.info("{}: session closed", name());
    }

    @Override
    public String toString() {
        return name() + ": coordinator at " + address();
    }

    @Override
    public List<CoordinatorGroup> groups() {
        return List.copyOf(groups.values());
    }
}
