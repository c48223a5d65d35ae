package io.camure;

import io.camure.protocol.base.Disconnection;
import io.camure.protocol.base.Format;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.group.MemberSettings;
import io.camure.protocol.session.MemberSession;
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
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A member: its state machine, what drives it, and the groups that users see. */
final class MemberNode implements Member, NodeContext, SessionObserver {

    private static final Logger log = LoggerFactory.getLogger(MemberNode.class);

    private final MemberConfig config;
    private final InetSocketAddress coordinatorAddress;
    private final String transport;
    private final DatagramPort port;
    private final MemberSession session;
    private final Execution execution;
    private final SessionDriver driver;
    private final LongFunction<@Nullable Disconnection> readLoss = this::readLoss;
    private final MemberGroups groups;

    /** Guarded by the driver's lock. */
    private boolean hearsGroupTraffic;

    /** Guarded by the driver's lock. */
    private @Nullable IOException multicastFailure;

    private final EventDispatcher dispatcher;
    private final FutureExecutor futureExecutor;
    private final MemberSnapshot snapshot = new MemberSnapshot();

    private final MemberListeners listeners;

    private MemberNode(
            InetSocketAddress coordinatorAddress, PortProvider provider, DatagramPort port, MemberConfig config) {
        this.coordinatorAddress = coordinatorAddress;
        transport = provider.name();
        execution = provider.execution();
        this.port = port;
        this.config = config;
        session = new MemberSession(
                new MemberSettings(
                        coordinatorAddress,
                        config.coordinatorTimeout().toNanos(),
                        config.receiveWindow(),
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
        listeners = new MemberListeners(dispatcher);
        groups = new MemberGroups(this, session, coordinatorAddress, config, listeners::tellGroupLost);
    }

    static MemberNode join(InetSocketAddress coordinatorAddress, MemberConfig config) throws InterruptedException {
        MemberNode member = ask(coordinatorAddress, config);
        try {
            SessionDriver driver = member.driver;
            driver.await(
                    member::isDecided, driver.nowNanos() + config.joinTimeout().toNanos());
            member.requireJoined(config.joinTimeout());
        } catch (Throwable e) {
            member.close();
            throw e;
        }
        return member;
    }

    /** Asks a coordinator to be admitted, without waiting for its answer. Whoever asks closes the member, whatever comes. */
    static MemberNode ask(InetSocketAddress coordinatorAddress, MemberConfig config) {
        String name = Checks.given("config", config).name();
        if (Checks.given("coordinatorAddress", coordinatorAddress).isUnresolved()) {
            throw new SessionStartException(
                    name + ": coordinator address " + Format.address(coordinatorAddress)
                            + ": the host name can't be resolved",
                    null);
        }
        MemberNode member;
        try {
            PortProvider provider = Ports.provider(config.network(), config.transport());
            InetAddress local = provider.localAddressTowards(coordinatorAddress);
            NetworkInterface networkInterface =
                    provider.networkInterface(config.networkInterface().orElse(null), local);
            PortOptions options = new PortOptions(networkInterface, 1, config.sendBuffer(), config.receiveBuffer());
            DatagramPort port = provider.open(new InetSocketAddress(local, 0), options);
            member = start(coordinatorAddress, provider, port, config);
        } catch (IOException e) {
            throw new SessionStartException(
                    name + ": can't reach for the coordinator at " + Format.address(coordinatorAddress) + ": "
                            + e.getMessage(),
                    e);
        }
        try {
            member.driver.execute(nowNanos -> {
                member.session.join(nowNanos);
                return null;
            });
        } catch (Throwable e) {
            member.close();
            throw e;
        }
        return member;
    }

    private static MemberNode start(
            InetSocketAddress coordinatorAddress, PortProvider provider, DatagramPort port, MemberConfig config) {
        try {
            MemberNode member = new MemberNode(coordinatorAddress, provider, port, config);
            member.driver.start();
            return member;
        } catch (Throwable e) {
            Ports.closeAfter(e, port);
            throw e;
        }
    }

    /** Called under the driver's lock. */
    private boolean isDecided() {
        return hearsGroupTraffic || multicastFailure != null || end() != null;
    }

    /** Has a signal run, by whichever thread and under the driver's lock, as soon as this node is in the session or can't be. */
    void whenDecided(Runnable signal) {
        driver.watch(new OnceMet(this::isDecided, signal));
    }

    /** Whether this node is in the session or was. */
    boolean wasJoined() {
        return driver.read(nowNanos -> hearsGroupTraffic);
    }

    /** Why this node can't get into the session, or {@code null} while it may or has. */
    @Nullable
    CamureException joinFailure() {
        IOException failure = driver.read(nowNanos -> multicastFailure);
        return failure == null
                ? end()
                : new SessionStartException(
                        name() + ": the coordinator answered, but its group traffic can't be received: "
                                + failure.getMessage(),
                        failure);
    }

    /**
     * @param timeout how long the coordinator was asked
     * @throws CamureException why this node is not in the session
     */
    void requireJoined(Duration timeout) {
        CamureException failure = joinFailure();
        if (failure != null) {
            throw failure;
        } else if (!wasJoined()) {
            throw new JoinTimeoutException(name() + ": no coordinator answered at "
                    + Format.address(coordinatorAddress) + " within " + Format.duration(timeout) + ", asked from "
                    + Format.address(address()) + " "
                    + statistics().datagramsSent()
                    + " times. Is it running there, and does a firewall let UDP through?");
        }
        log.info(
                "{}: joined the session of {} from {}, transport {}",
                name(),
                Format.address(coordinatorAddress),
                Format.address(address()),
                transport);
    }

    @Override
    public InetSocketAddress address() {
        return port.localAddress();
    }

    @Override
    public InetSocketAddress coordinatorAddress() {
        return coordinatorAddress;
    }

    @Override
    public String transport() {
        return transport;
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public BarrierAtMember joinBarrier(int id) throws InterruptedException {
        return joinBarrier(id, config.joinTimeout());
    }

    @Override
    public BarrierAtMember joinBarrier(int id, Duration timeout) throws InterruptedException {
        return joinBarrier(id, timeout, GroupConfig.defaults().timeout());
    }

    @Override
    public BarrierAtMember joinBarrier(int id, Duration timeout, Duration awaitTimeout) throws InterruptedException {
        return groups.joinBarrier(id, timeout, awaitTimeout);
    }

    @Override
    public BroadcastAtMember joinBroadcast(int id) throws InterruptedException {
        return joinBroadcast(id, config.joinTimeout());
    }

    @Override
    public BroadcastAtMember joinBroadcast(int id, Duration timeout) throws InterruptedException {
        return groups.joinBroadcast(id, timeout);
    }

    /** The groups of this node, which can also be asked for without waiting for the answer. */
    MemberGroups groups() {
        return groups;
    }

    @Override
    public long incarnation() {
        return session.incarnation();
    }

    @Override
    public OptionalLong coordinatorIncarnation() {
        driver.refresh();
        return snapshot.coordinatorIncarnation();
    }

    @Override
    public Optional<Duration> roundTrip() {
        driver.refresh();
        return snapshot.roundTrip();
    }

    @Override
    public Instant coordinatorLastHeard() {
        driver.refresh();
        return Instant.now().minusNanos(driver.nowNanos() - snapshot.lastHeardNanos());
    }

    @Override
    public SessionStatistics statistics() {
        return SessionStatistics.of(session.counters(), driver.datagramsSent(), driver.sendFailures());
    }

    @Override
    public boolean isOpen() {
        driver.refresh();
        return !snapshot.isLost() && !driver.isClosed();
    }

    @Override
    public FutureExecutor futureExecutor() {
        return futureExecutor;
    }

    @Override
    public EventDispatcher dispatcher() {
        return dispatcher;
    }

    Execution execution() {
        return execution;
    }

    @Override
    public SessionDriver driver() {
        return driver;
    }

    @Override
    public @Nullable CamureException end() {
        Disconnection loss = driver.read(readLoss);
        boolean lost = loss != null && loss.cause() != Disconnection.Cause.LEFT;
        // A session that was lost is closed later: whoever waited in it is told of the loss.
        CamureException end = lost ? null : SessionEnd.of(driver, name());
        if (end != null || loss == null) {
            return end;
        }
        return SessionEnd.lost(name(), loss, port.sendFailure());
    }

    private @Nullable Disconnection readLoss(long nowNanos) {
        return session.loss();
    }

    @Override
    public void onEvent(SessionEvent event) {
        if (event instanceof SessionEvent.SessionJoined joined) {
            try {
                port.joinMulticast(joined.multicastAddress());
                hearsGroupTraffic = true;
            } catch (IOException e) {
                multicastFailure = e;
            }
        } else if (event instanceof SessionEvent.Disconnected disconnected) {
            log.info(
                    "{}: out of group {}: {}",
                    name(),
                    disconnected.group(),
                    disconnected.disconnection().detail());
            groups.onDisconnected(disconnected.group(), disconnected.disconnection());
        } else if (event instanceof SessionEvent.SessionLost lost) {
            log.warn("{}: the session is over: {}", name(), lost.disconnection().detail());
            CamureException why = SessionEnd.lost(name(), lost.disconnection(), port.sendFailure());
            listeners.tellCoordinatorLost(why);
        }
    }

    @Override
    public void onFailure(Throwable cause) {
        if (session.loss() != null) {
            return;
        }
        CamureException why = SessionEnd.failed(name(), cause);
        listeners.tellCoordinatorLost(why);
    }

    @Override
    public void publish() {
        snapshot.publish(session);
        groups.publish();
    }

    @Override
    public void addListener(MemberListener listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {
        if (driver.isClosed()) {
            // Whoever has closed it may not be done with that.
            driver.close();
            return;
        }
        boolean leaving = wasJoined() && isOpen();
        groups.leaveAll();
        driver.execute(nowNanos -> {
            session.leave();
            return null;
        });
        driver.close();
        dispatcher.close();
        if (leaving) {
            log.info("{}: left the session", name());
        }
    }

    @Override
    public String toString() {
        return name() + ": member of " + Format.address(coordinatorAddress);
    }
}
