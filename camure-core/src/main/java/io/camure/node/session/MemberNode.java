package io.camure.node.session;

import io.camure.CamureException;
import io.camure.Loss;
import io.camure.MemberConfig;
import io.camure.MemberListener;
import io.camure.Node;
import io.camure.Security;
import io.camure.SessionStatistics;
import io.camure.node.group.FutureExecutor;
import io.camure.node.group.MemberGroups;
import io.camure.node.group.NodeContext;
import io.camure.node.group.Nodes;
import io.camure.node.group.SessionEnd;
import io.camure.protocol.base.DatagramCodec;
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
import io.camure.transport.PortProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A member in one session: its state machine, what drives it, and its groups. */
public final class MemberNode implements NodeContext, SessionObserver {

    private static final Logger log = LoggerFactory.getLogger(MemberNode.class);

    private final MemberConfig config;
    private final InetSocketAddress coordinatorAddress;
    private final String transport;
    private final DatagramPort port;
    private final DatagramCodec codec;
    private final MemberSession session;
    private final Execution execution;
    private final SessionDriver driver;
    private final LongFunction<@Nullable Disconnection> readLoss;
    private final MemberGroups groups;

    /** Guarded by the driver's lock. */
    private final GroupTraffic groupTraffic;

    /** When the session ended against this node's will. Guarded by the driver's lock. */
    private long lostNanos;

    /** This node wants to be in the session no longer, whether that was lost before or not. */
    private volatile boolean left;

    /** See {@link #term}. */
    private volatile long term;

    private final EventDispatcher dispatcher;
    private final FutureExecutor futureExecutor;
    private final MemberSnapshot snapshot;
    private final SelfExamination selfExamination;
    private final MemberListeners listeners;

    /**
     * @param interfaceBytes the longest datagram that the network interface takes in one piece
     * @param lowestTerm no session is joined whose coordinator was elected in a lower term
     */
    MemberNode(
            InetSocketAddress coordinatorAddress,
            PortProvider provider,
            DatagramPort port,
            int interfaceBytes,
            long lowestTerm,
            MemberConfig config) {
        this.coordinatorAddress = coordinatorAddress;
        snapshot = new MemberSnapshot(coordinatorAddress);
        transport = provider.name();
        execution = provider.execution();
        this.port = port;
        groupTraffic = new GroupTraffic(config.name(), coordinatorAddress, port);
        this.config = config;
        var random = execution.newRandom();
        codec = Codecs.of(config, coordinatorAddress, execution, this::driver);
        session = new MemberSession(
                new MemberSettings(
                        coordinatorAddress,
                        config.coordinatorTimeout().toNanos(),
                        config.receiveWindow(),
                        port.receiveBufferBytes(),
                        config.name(),
                        config.sessionName().orElse(""),
                        Math.min(interfaceBytes, 0xFFFF),
                        lowestTerm),
                random,
                codec);
        readLoss = nowNanos -> session.loss();
        driver = new SessionDriver(
                "camure-" + config.name(),
                session,
                port,
                SessionDriver.Idle.valueOf(config.idleStrategy().name()),
                execution,
                this);
        selfExamination = new SelfExamination(config.name(), execution);
        dispatcher = new EventDispatcher("camure-" + config.name() + "-events", execution);
        futureExecutor = new FutureExecutor(config.name(), config.executor().orElse(null));
        listeners = new MemberListeners(dispatcher);
        groups = new MemberGroups(this, session, listeners::tellGroupLost);
    }

    /** Has it send and receive from now on. It is not in the session yet; see {@link #askToJoin}. */
    void start() {
        driver.start();
    }

    /** Asks the coordinator to be let into the session, without waiting for its answer. */
    void askToJoin() {
        driver.execute(nowNanos -> {
            session.join(nowNanos);
            return null;
        });
    }

    /** Whether this node is in the session or was. */
    boolean wasJoined() {
        return driver.read(nowNanos -> groupTraffic.isReady());
    }

    /** Why the coordinator does not let this node in, for people; empty when that is not known. */
    String refusal() {
        return driver.read(nowNanos -> Codecs.refusal(session.obstacle(), codec));
    }

    /** Why this node does not get into the session although the coordinator lets it in, or {@code null}. */
    @Nullable
    IOException multicastFailure() {
        return driver.read(nowNanos -> groupTraffic.failure());
    }

    /** Who has answered in the coordinator's place, or {@code null}. */
    @Nullable
    InetSocketAddress stranger() {
        return driver.read(nowNanos -> session.stranger());
    }

    @Nullable
    String receiveBufferShortfall() {
        return ReceiveBuffer.shortfall(config.receiveBuffer(), port.receiveBufferBytes());
    }

    public InetSocketAddress address() {
        return port.localAddress();
    }

    @Override
    public Node node() {
        return new Node(name(), address(), incarnation());
    }

    public InetSocketAddress coordinatorAddress() {
        return coordinatorAddress;
    }

    public Node coordinator() {
        driver.refresh();
        return Nodes.of(snapshot.coordinator());
    }

    public Optional<Security> security() {
        return config.security().map(own -> driver.read(nowNanos -> Codecs.agreed(own, codec)));
    }

    public String transport() {
        return transport;
    }

    @Override
    public String name() {
        return config.name();
    }

    public MemberGroups groups() {
        return groups;
    }

    public long incarnation() {
        return session.incarnation();
    }

    public OptionalLong coordinatorIncarnation() {
        driver.refresh();
        return snapshot.coordinatorIncarnation();
    }

    @Override
    public long term() {
        return term;
    }

    public Optional<Duration> roundTrip() {
        driver.refresh();
        return snapshot.roundTrip();
    }

    public Instant coordinatorLastHeard() {
        driver.refresh();
        return Instant.now().minusNanos(driver.nowNanos() - snapshot.lastHeardNanos());
    }

    public SessionStatistics statistics() {
        return Statistics.of(session.counters(), driver);
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

    public Execution execution() {
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
        return end != null || loss == null ? end : SessionEnd.lost(name(), loss, port.sendFailure());
    }

    @Override
    public void onEvent(SessionEvent event) {
        groupTraffic.onEvent(event);
        if (event instanceof SessionEvent.SessionJoined joined) {
            term = joined.term();
        } else if (event instanceof SessionEvent.Disconnected disconnected) {
            groups.onDisconnected(disconnected.group(), disconnected.disconnection());
        } else if (event instanceof SessionEvent.GroupTrafficMissing) {
            selfExamination.onGroupTrafficMissing(coordinatorAddress, config);
        } else if (event instanceof SessionEvent.SessionLost lost) {
            lostNanos = driver.nowNanos();
            String detail = lost.disconnection().detail();
            if (groupTraffic.isReady()) {
                log.warn("{}: the session is over: {}", name(), detail);
            } else {
                // Who asked to be let in is told.
                log.debug("{}: not let in: {}", name(), detail);
            }
            listeners.tellCoordinatorLost(SessionEnd.lost(name(), lost.disconnection(), port.sendFailure()));
        }
    }

    @Override
    public void onFailure(Throwable cause) {
        if (session.loss() == null) {
            lostNanos = driver.nowNanos();
            listeners.tellCoordinatorLost(SessionEnd.failed(name(), cause));
        }
    }

    @Override
    public void publish() {
        snapshot.publish(session);
        groups.publish();
    }

    public void addListener(MemberListener listener) {
        driver.read(nowNanos -> {
            listeners.add(listener, sessionLoss(), Map.of());
            return null;
        });
    }

    void removeListener(MemberListener listener) {
        listeners.remove(listener);
    }

    /** Why the session is over, unless this node has left it. Called under the driver's lock. */
    private @Nullable CamureException sessionLoss() {
        return left ? null : SessionEnd.ofMember(driver, name(), session.loss(), port.sendFailure());
    }

    /** Whether the coordinator has said that another one takes over. */
    public boolean wasHandedOver() {
        Disconnection loss = driver.read(readLoss);
        return loss != null && loss.cause() == Disconnection.Cause.HANDED_OVER;
    }

    Optional<Loss> loss() {
        return driver.read(nowNanos -> Optional.ofNullable(sessionLoss())
                .map(why -> new Loss(
                        why, Instant.now().minusNanos(nowNanos - lostNanos), Optional.empty(), Optional.empty())));
    }

    public void close() {
        left = true;
        selfExamination.close();
        if (driver.isClosed()) {
            // Whoever has closed it may not be done with that.
            driver.close();
            groups.forgetAll();
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
        return name() + ": member of " + Format.node(snapshot.coordinator());
    }
}
