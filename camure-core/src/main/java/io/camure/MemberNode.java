package io.camure;

import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.base.Disconnection;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.MemberSettings;
import io.camure.protocol.group.MemberWork;
import io.camure.protocol.session.MemberSession;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A member: its state machine, what drives it, and the groups that users see. */
final class MemberNode implements Member, SessionDriver.Observer {

    private static final long LEAVE_CONFIRMATION_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final Logger log = LoggerFactory.getLogger(MemberNode.class);

    private final MemberConfig config;
    private final InetSocketAddress coordinatorAddress;
    private final String transport;
    private final DatagramPort port;
    private final MemberSession session;
    private final Execution execution;
    private final SessionDriver driver;
    private final LongFunction<@Nullable Disconnection> readLoss = this::readLoss;
    private final Map<JoinedGroup<?>, GroupAtMember> groups = new ConcurrentHashMap<>();

    /** Guarded by the driver's lock. */
    private boolean hearsGroupTraffic;

    /** Guarded by the driver's lock. */
    private @Nullable IOException multicastFailure;

    private final EventDispatcher dispatcher;
    private final FutureExecutor futureExecutor;
    private final PublishedStatistics statistics = new PublishedStatistics();
    private final Counter coordinatorIncarnation = new Counter(0);
    private final Counter roundTripNanos = new Counter(-1);
    private final Counter lastHeardNanos = new Counter(0);
    private volatile boolean lost;

    /** The groups to be published in each turn. Guarded by the driver's lock. */
    private final List<GroupAtMember> published = new ArrayList<>();

    private final List<MemberListener> listeners = new CopyOnWriteArrayList<>();

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
                    name + ": coordinator address " + coordinatorAddress + ": the host name can't be resolved", null);
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
                    name + ": can't reach for the coordinator at " + coordinatorAddress + ": " + e.getMessage(), e);
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
            throw new JoinTimeoutException(name() + ": no coordinator answered at " + coordinatorAddress + " within "
                    + timeout + ", asked from " + address() + " "
                    + statistics().datagramsSent()
                    + " times. Is it running there, and does a firewall let UDP through?");
        }
        log.info(
                "{}: joined the session of {} from {}, transport {}", name(), coordinatorAddress, address(), transport);
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
        Checks.positive("awaitTimeout", awaitTimeout);
        return join(
                id,
                timeout,
                nowNanos -> session.join(BarrierKind.BARRIER, id, nowNanos),
                (self, group) -> new BarrierAtMember(self, group, awaitTimeout));
    }

    @Override
    public BroadcastAtMember joinBroadcast(int id) throws InterruptedException {
        return joinBroadcast(id, config.joinTimeout());
    }

    @Override
    public BroadcastAtMember joinBroadcast(int id, Duration timeout) throws InterruptedException {
        return join(
                id,
                timeout,
                nowNanos -> session.join(BroadcastKind.BROADCAST, id, nowNanos),
                (self, group) -> new BroadcastAtMember(self, group, config.messageTimeout()));
    }

    /** Asks to be admitted to a barrier group, without waiting for the answer. */
    BarrierAtMember askBarrier(int id, Duration awaitTimeout) {
        return ask(
                id,
                nowNanos -> session.join(BarrierKind.BARRIER, id, nowNanos),
                (self, group) -> new BarrierAtMember(self, group, awaitTimeout));
    }

    /** Asks to be admitted to a broadcast group, without waiting for the answer. */
    BroadcastAtMember askBroadcast(int id) {
        return ask(
                id,
                nowNanos -> session.join(BroadcastKind.BROADCAST, id, nowNanos),
                (self, group) -> new BroadcastAtMember(self, group, config.messageTimeout()));
    }

    private <W extends MemberWork, G extends GroupAtMember> G join(
            int id,
            Duration timeout,
            LongFunction<JoinedGroup<W>> start,
            BiFunction<MemberNode, JoinedGroup<W>, G> wrapping)
            throws InterruptedException {
        Checks.range("group id", id, 0, 65535, "");
        long deadlineNanos = driver.nowNanos() + Checks.waitNanos(timeout);
        // A group of this id that was closed may still be saying goodbye.
        driver.await(() -> !session.hasGroup(id) || isJoined(id) || end() != null, deadlineNanos);
        G joined = ask(id, start, wrapping);
        try {
            awaitJoined(joined, deadlineNanos, timeout);
        } catch (InterruptedException | RuntimeException e) {
            joined.close();
            throw e;
        }
        return joined;
    }

    private <W extends MemberWork, G extends GroupAtMember> G ask(
            int id, LongFunction<JoinedGroup<W>> start, BiFunction<MemberNode, JoinedGroup<W>, G> wrapping) {
        return driver.execute(nowNanos -> {
            CamureException end = end();
            if (end != null) {
                throw end;
            }
            if (session.hasGroup(id)) {
                throw new GroupInUseException(name() + " is in group " + id + " already, or has not left it yet");
            }
            groups.keySet().removeIf(group -> group.id() == id);
            published.removeIf(group -> group.id() == id);
            G wrapped = wrapping.apply(this, start.apply(nowNanos));
            groups.put(wrapped.group, wrapped);
            published.add(wrapped);
            return wrapped;
        });
    }

    private boolean isJoined(int id) {
        return session.groups().stream()
                .anyMatch(group -> group.id() == id && group.state() == JoinedGroup.State.JOINED);
    }

    private void awaitJoined(GroupAtMember joined, long deadlineNanos, Duration timeout) throws InterruptedException {
        JoinedGroup<?> group = joined.group;
        driver.await(() -> group.state() != JoinedGroup.State.JOINING || joined.end() != null, deadlineNanos);
        driver.read(nowNanos -> {
            if (group.state() == JoinedGroup.State.JOINED) {
                return null;
            }
            CamureException end = joined.end();
            if (end != null) {
                throw end;
            }
            throw new JoinTimeoutException(joined + ": the coordinator " + coordinatorAddress
                    + " has not let this node in within " + timeout + ". Is there a group " + group.id()
                    + ", does it accept members, and is no message being written that long?");
        });
        log.info("{}: joined", joined);
    }

    @Override
    public long incarnation() {
        return session.incarnation();
    }

    @Override
    public OptionalLong coordinatorIncarnation() {
        driver.refresh();
        long incarnation = coordinatorIncarnation.get();
        return incarnation == 0 ? OptionalLong.empty() : OptionalLong.of(incarnation);
    }

    @Override
    public Optional<Duration> roundTrip() {
        driver.refresh();
        long nanos = roundTripNanos.get();
        return nanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
    }

    @Override
    public Instant coordinatorLastHeard() {
        driver.refresh();
        return Instant.now().minusNanos(driver.nowNanos() - lastHeardNanos.get());
    }

    @Override
    public SessionStatistics statistics() {
        driver.refresh();
        return statistics.read();
    }

    @Override
    public boolean isOpen() {
        driver.refresh();
        return !lost && !driver.isClosed();
    }

    FutureExecutor futureExecutor() {
        return futureExecutor;
    }

    Execution execution() {
        return execution;
    }

    SessionDriver driver() {
        return driver;
    }

    /** Why nothing can happen in the session any more, or {@code null}. */
    @Nullable
    CamureException end() {
        Disconnection loss = driver.read(readLoss);
        boolean lost = loss != null && loss.cause() != Disconnection.Cause.LEFT;
        // A session that was lost is closed later: whoever waited in it is told of the loss.
        CamureException end = lost ? null : SessionEnd.of(driver, name());
        if (end != null || loss == null) {
            return end;
        }
        return lossOf(loss);
    }

    private CamureException lossOf(Disconnection loss) {
        String refusal = port.sendFailure();
        String message = name() + ": " + loss.detail() + (refusal == null ? "" : "; this node can't send: " + refusal);
        return switch (loss.cause()) {
            case UNKNOWN_VERSION -> new ProtocolVersionException(message);
            case LEFT -> new DisconnectedException(DisconnectedException.Reason.CLOSED, message, null);
            default -> new DisconnectedException(DisconnectedException.Reason.COORDINATOR_LOST, message, null);
        };
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
            onGroupEnded(disconnected.group(), disconnected.disconnection());
        } else if (event instanceof SessionEvent.SessionLost lost) {
            log.warn("{}: the session is over: {}", name(), lost.disconnection().detail());
            CamureException why = lossOf(lost.disconnection());
            notifyListeners(listener -> listener.coordinatorLost(why));
        }
    }

    @Override
    public void onFailure(Throwable cause) {
        if (session.loss() != null) {
            return;
        }
        CamureException why = SessionEnd.failed(name(), cause);
        notifyListeners(listener -> listener.coordinatorLost(why));
    }

    @Override
    public void publish() {
        statistics.publish(port, session.counters());
        coordinatorIncarnation.set(session.coordinatorIncarnation());
        roundTripNanos.set(session.roundTripNanos());
        lastHeardNanos.set(session.lastHeardNanos());
        if (session.loss() != null && !lost) {
            lost = true;
        }
        for (int i = 0; i < published.size(); i++) {
            published.get(i).publish();
        }
    }

    private void onGroupEnded(int id, Disconnection disconnection) {
        groups.values().stream().filter(group -> group.id() == id).findAny().ifPresent(group -> {
            CamureException why = group.end();
            if (group.isClosedHere()) {
                // Its goodbye has taken longer than the caller of close has waited.
                forget(group.group);
            }
            boolean lost = group.group.wasJoined() && !group.isClosedHere();
            if (why != null && lost && disconnection.cause() != Disconnection.Cause.LEFT) {
                notifyListeners(listener -> listener.groupLost(id, why));
            }
        });
    }

    private void notifyListeners(Consumer<MemberListener> notification) {
        listeners.forEach(listener -> dispatcher.execute(() -> notification.accept(listener)));
    }

    @Override
    public void addListener(MemberListener listener) {
        listeners.add(listener);
    }

    /** Leaves groups together, so that the coordinator is waited for once. */
    void leaveGroups(Collection<GroupAtMember> leaving) {
        driver.execute(nowNanos -> {
            leaving.forEach(group -> group.leave(nowNanos));
            return null;
        });
        try {
            driver.await(
                    () -> leaving.stream().allMatch(group -> group.group.state() == JoinedGroup.State.OUT),
                    driver.nowNanos() + LEAVE_CONFIRMATION_NANOS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            driver.execute(nowNanos -> {
                leaving.forEach(group -> forget(group.group));
                return null;
            });
        }
    }

    /** Unless it is still saying goodbye. */
    private void forget(JoinedGroup<?> group) {
        if (group.state() == JoinedGroup.State.OUT) {
            session.removeGroup(group);
            GroupAtMember forgotten = groups.remove(group);
            published.remove(forgotten);
        }
    }

    @Override
    public void close() {
        if (driver.isClosed()) {
            // Whoever has closed it may not be done with that.
            driver.close();
            return;
        }
        boolean leaving = wasJoined() && isOpen();
        leaveGroups(List.copyOf(groups.values()));
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
        return name() + ": member of " + coordinatorAddress;
    }
}
