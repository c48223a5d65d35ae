package io.camure;

import io.camure.protocol.Disconnection;
import io.camure.protocol.MemberGroup;
import io.camure.protocol.MemberSession;
import io.camure.protocol.MemberSettings;
import io.camure.protocol.SessionEvent;
import io.camure.runtime.EventDispatcher;
import io.camure.runtime.SessionDriver;
import io.camure.transport.NetworkInterfaces;
import io.camure.transport.NioDatagramPort;
import io.camure.transport.PortOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
 * <p>Takes two sockets and one thread, and another thread while there are futures to complete. Thread-safe.
 */
public final class Member implements AutoCloseable {

    private static final long LEAVE_CONFIRMATION_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final Logger log = LoggerFactory.getLogger(Member.class);

    private final MemberConfig config;
    private final InetSocketAddress coordinatorAddress;
    private final NioDatagramPort port;
    private final MemberSession session;
    private final SessionDriver driver;
    private final EventDispatcher dispatcher;
    private final Map<MemberGroup, JoinedGroup> groups = new ConcurrentHashMap<>();

    /** Guarded by the driver's lock. */
    private boolean hearsGroupTraffic;

    /** Guarded by the driver's lock. */
    private @Nullable IOException multicastFailure;

    private Member(InetSocketAddress coordinatorAddress, NioDatagramPort port, MemberConfig config) {
        this.coordinatorAddress = coordinatorAddress;
        this.port = port;
        this.config = config;
        session = new MemberSession(new MemberSettings(
                coordinatorAddress, config.coordinatorTimeout().toNanos(), config.receiveWindow()));
        driver = new SessionDriver("camure-" + config.name(), session, port, this::onEvent);
        dispatcher = new EventDispatcher("camure-" + config.name() + "-events");
    }

    /** Joins a session with the default configuration; see {@link #join(InetSocketAddress, MemberConfig)}. */
    public static Member join(InetSocketAddress coordinatorAddress) throws InterruptedException {
        return join(coordinatorAddress, MemberConfig.defaults());
    }

    /**
     * Joins a session: asks the coordinator again and again, until it answers or the join timeout is over.
     *
     * @throws JoinTimeoutException when it does not answer
     * @throws SessionStartException when that can't work on this machine
     */
    public static Member join(InetSocketAddress coordinatorAddress, MemberConfig config) throws InterruptedException {
        String name = config.name();
        if (coordinatorAddress.isUnresolved()) {
            throw new SessionStartException(
                    name + ": coordinator address " + coordinatorAddress + ": the host name can't be resolved", null);
        }
        Member member;
        try {
            InetAddress local = NetworkInterfaces.localAddressTowards(coordinatorAddress);
            Optional<String> wanted = config.networkInterface();
            NetworkInterface networkInterface =
                    wanted.isPresent() ? NetworkInterfaces.find(wanted.get()) : NetworkInterfaces.owning(local);
            PortOptions options = new PortOptions(networkInterface, 1, config.sendBuffer(), config.receiveBuffer());
            NioDatagramPort port = NioDatagramPort.open(new InetSocketAddress(local, 0), options);
            member = new Member(coordinatorAddress, port, config);
        } catch (IOException e) {
            throw new SessionStartException(
                    name + ": can't reach for the coordinator at " + coordinatorAddress + ": " + e.getMessage(), e);
        }
        try {
            member.join();
        } catch (InterruptedException | RuntimeException e) {
            member.close();
            throw e;
        }
        return member;
    }

    private void join() throws InterruptedException {
        driver.start();
        driver.execute(nowNanos -> {
            session.join(nowNanos);
            return null;
        });
        SessionDriver.Outcome outcome = driver.await(
                () -> hearsGroupTraffic || multicastFailure != null,
                driver.nowNanos() + config.joinTimeout().toNanos());
        IOException failure = driver.read(nowNanos -> multicastFailure);
        CamureException end = end();
        if (failure != null) {
            throw new SessionStartException(
                    name() + ": the coordinator answered, but its group traffic can't be received: "
                            + failure.getMessage(),
                    failure);
        } else if (outcome == SessionDriver.Outcome.TIMED_OUT) {
            throw new JoinTimeoutException(name() + ": no coordinator answered at " + coordinatorAddress + " within "
                    + config.joinTimeout() + ", asked from " + address() + " "
                    + statistics().datagramsSent()
                    + " times. Is it running there, and does a firewall let UDP through?");
        } else if (end != null) {
            throw end;
        }
        log.info("{}: joined the session of {} from {}", name(), coordinatorAddress, address());
    }

    /** The address that identifies this node in the session. */
    public InetSocketAddress address() {
        return port.localAddress();
    }

    public InetSocketAddress coordinatorAddress() {
        return coordinatorAddress;
    }

    public String name() {
        return config.name();
    }

    /** Joins a barrier group with the configured join timeout; see {@link #joinBarrier(int, Duration)}. */
    public BarrierMember joinBarrier(int id) throws InterruptedException {
        return joinBarrier(id, config.joinTimeout());
    }

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
    public BarrierMember joinBarrier(int id, Duration timeout) throws InterruptedException {
        return joinBarrier(id, timeout, GroupConfig.defaults().timeout());
    }

    /**
     * Joins a barrier group; see {@link #joinBarrier(int, Duration)}.
     *
     * @param awaitTimeout how long {@link Barrier#await()} waits
     */
    public BarrierMember joinBarrier(int id, Duration timeout, Duration awaitTimeout) throws InterruptedException {
        Checks.positive("awaitTimeout", awaitTimeout);
        return join(
                id,
                timeout,
                nowNanos -> session.joinBarrier(id, nowNanos),
                (self, group) -> new BarrierMember(self, group, awaitTimeout));
    }

    /** Joins a broadcast group with the configured join timeout; see {@link #joinBroadcast(int, Duration)}. */
    public BroadcastReceiver joinBroadcast(int id) throws InterruptedException {
        return joinBroadcast(id, config.joinTimeout());
    }

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
    public BroadcastReceiver joinBroadcast(int id, Duration timeout) throws InterruptedException {
        return join(
                id,
                timeout,
                nowNanos -> session.joinBroadcast(id, nowNanos),
                (self, group) -> new BroadcastReceiver(self, group, config.messageTimeout()));
    }

    private <G extends JoinedGroup> G join(
            int id, Duration timeout, LongFunction<MemberGroup> start, BiFunction<Member, MemberGroup, G> wrapping)
            throws InterruptedException {
        Checks.range("group id", id, 0, 65535, "");
        long deadlineNanos = driver.nowNanos() + Checks.waitNanos(timeout);
        // A group of this id that was closed may still be saying goodbye.
        driver.await(() -> !session.hasGroup(id) || isJoined(id) || end() != null, deadlineNanos);
        G joined = driver.execute(nowNanos -> {
            CamureException end = end();
            if (end != null) {
                throw end;
            }
            if (session.hasGroup(id)) {
                throw new GroupInUseException(name() + " is in group " + id + " already, or has not left it yet");
            }
            groups.keySet().removeIf(group -> group.id() == id);
            G wrapped = wrapping.apply(this, start.apply(nowNanos));
            groups.put(wrapped.group, wrapped);
            return wrapped;
        });
        try {
            awaitJoined(joined, deadlineNanos, timeout);
        } catch (InterruptedException | RuntimeException e) {
            joined.close();
            throw e;
        }
        return joined;
    }

    private boolean isJoined(int id) {
        return session.groups().stream()
                .anyMatch(group -> group.id() == id && group.state() == MemberGroup.State.JOINED);
    }

    private void awaitJoined(JoinedGroup joined, long deadlineNanos, Duration timeout) throws InterruptedException {
        MemberGroup group = joined.group;
        driver.await(() -> group.state() != MemberGroup.State.JOINING || joined.end() != null, deadlineNanos);
        driver.read(nowNanos -> {
            if (group.state() == MemberGroup.State.JOINED) {
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

    /** When something of the coordinator was last received. */
    public Instant coordinatorLastHeard() {
        return driver.read(nowNanos -> Instant.now().minusNanos(nowNanos - session.lastHeardNanos()));
    }

    public SessionStatistics statistics() {
        return driver.read(nowNanos -> SessionStatistics.of(session.counters()));
    }

    /** Whether this node is in the session: neither closed nor without its coordinator. */
    public boolean isOpen() {
        return driver.read(nowNanos -> end() == null);
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
        CamureException end = SessionEnd.of(driver, name());
        Disconnection loss = driver.read(nowNanos -> session.loss());
        if (end == null && loss != null) {
            return new DisconnectedException(
                    DisconnectedException.Reason.COORDINATOR_LOST, name() + ": " + loss.detail(), null);
        }
        return end;
    }

    private void onEvent(SessionEvent event) {
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
        }
    }

    /** Leaves groups together, so that the coordinator is waited for once. */
    void leaveGroups(Collection<JoinedGroup> leaving) {
        driver.execute(nowNanos -> {
            leaving.forEach(group -> group.leave(nowNanos));
            return null;
        });
        try {
            driver.await(
                    () -> leaving.stream().allMatch(group -> group.group.state() == MemberGroup.State.OUT),
                    driver.nowNanos() + LEAVE_CONFIRMATION_NANOS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Leaves all groups and the session, for which it waits a quarter of a second at most. Idempotent; waiting callers fail
     * at once. Leaves no thread and no socket.
     */
    @Override
    public void close() {
        if (driver.isClosed()) {
            return;
        }
        leaveGroups(List.copyOf(groups.values()));
        driver.close();
        dispatcher.close();
        log.info("{}: left the session", name());
    }

    @Override
    public String toString() {
        return name() + ": member of " + coordinatorAddress;
    }
}
