package io.camure.node;

import io.camure.BroadcastGroup;
import io.camure.CamureException;
import io.camure.CollectiveConfig;
import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.CoordinatorCollective;
import io.camure.CoordinatorConfig;
import io.camure.CoordinatorGroup;
import io.camure.CoordinatorListener;
import io.camure.DeliveryMode;
import io.camure.GroupConfig;
import io.camure.MemberPath;
import io.camure.Node;
import io.camure.Security;
import io.camure.SessionStatistics;
import io.camure.node.barrier.CoordinatorBarriers;
import io.camure.node.broadcast.CoordinatorBroadcasts;
import io.camure.node.collective.CoordinatorCollectives;
import io.camure.node.group.CoordinatorGroups;
import io.camure.node.group.FutureExecutor;
import io.camure.node.group.NodeContext;
import io.camure.node.group.Nodes;
import io.camure.node.group.SessionEnd;
import io.camure.node.session.Ports;
import io.camure.node.session.Statistics;
import io.camure.protocol.base.Checks;
import io.camure.protocol.base.Format;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.group.SessionSettings;
import io.camure.protocol.session.CoordinatorSession;
import io.camure.protocol.session.Echoes;
import io.camure.protocol.session.FencedSession;
import io.camure.runtime.EventDispatcher;
import io.camure.runtime.SessionDriver;
import io.camure.runtime.SessionObserver;
import io.camure.transport.DatagramPort;
import io.camure.transport.Execution;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A coordinator: its state machine, what drives it, and the groups that users see. */
public final class CoordinatorNode implements Coordinator, NodeContext, SessionObserver {

    private static final Logger log = LoggerFactory.getLogger(CoordinatorNode.class);

    private final CoordinatorPlace place;
    private final int chunkBytes;
    private final CoordinatorConfig config;
    private final InetSocketAddress multicastAddress;
    private final DatagramPort port;
    private final CoordinatorSealing sealing;
    private final CoordinatorSession session;
    private final SessionDriver driver;
    private final EventDispatcher dispatcher;
    private final FutureExecutor futureExecutor;
    private final CoordinatorGroups groups;
    private volatile @Nullable SessionAnnouncer announcer;
    private final SessionReports reports;
    private final NodeLease lease;
    private final FencedSession fenced;

    private CoordinatorNode(CoordinatorPlace place, DatagramPort port, ChunkSize chunkSize, CoordinatorConfig config) {
        this.place = place;
        chunkBytes = chunkSize.sizes().unprovenBytes();
        this.config = config;
        Execution execution = place.provider().execution();
        multicastAddress = place.multicastAddress(port.localAddress(), config);
        this.port = port;
        SessionSettings settings = place.settings(port, chunkSize.sizes(), config);
        var random = execution.newRandom();
        sealing = new CoordinatorSealing(config, settings, execution, this::driver);
        session = new CoordinatorSession(
                settings,
                config.sessionName().orElse(""),
                place.groupSources(port.localAddress(), config),
                config.term(),
                random,
                sealing.codec());
        lease = new NodeLease(config);
        fenced = new FencedSession(session, lease);
        driver = new SessionDriver(
                "camure-" + config.name(),
                fenced,
                port,
                SessionDriver.Idle.valueOf(config.idleStrategy().name()),
                execution,
                this);
        lease.setClock(driver, execution);
        dispatcher = new EventDispatcher("camure-" + config.name() + "-events", execution);
        futureExecutor = new FutureExecutor(config.name(), config.executor().orElse(null));
        groups = new CoordinatorGroups(this, session, config.maximumMembers());
        reports = new SessionReports(log, this, config, session, multicastAddress, place, execution);
    }

    /** See {@link Coordinator#start(InetSocketAddress, InetSocketAddress, CoordinatorConfig)}. */
    public static CoordinatorNode start(
            @Nullable InetSocketAddress bindAddress,
            @Nullable InetSocketAddress multicastAddress,
            CoordinatorConfig config) {
        CoordinatorPlace place = CoordinatorPlace.of(bindAddress, multicastAddress, Checks.given("config", config));
        place.checkMulticastRoute(config);
        ChunkSize chunkSize = ChunkSize.of(place, config);
        DatagramPort port = place.openToStart(config);
        try {
            CoordinatorNode coordinator = new CoordinatorNode(place, port, chunkSize, config);
            coordinator.reports.onStarted(place, port, chunkSize);
            // Last: whatever fails before has nothing to close but the port.
            coordinator.driver.start();
            coordinator.announcer = SessionAnnouncer.start(place, port, config);
            return coordinator;
        } catch (Throwable e) {
            Ports.closeAfter(e, port);
            throw e;
        }
    }

    /** See {@link Coordinator#addressFor}. */
    public static InetSocketAddress addressFor(
            @Nullable InetSocketAddress bindAddress,
            @Nullable InetSocketAddress multicastAddress,
            CoordinatorConfig config) {
        return CoordinatorPlace.of(bindAddress, multicastAddress, config).addressToStart(config);
    }

    /** Where this node is, and why. */
    public CoordinatorPlace place() {
        return place;
    }

    public CoordinatorConfig config() {
        return config;
    }

    /** The largest datagram of the session. */
    public int chunkBytes() {
        return chunkBytes;
    }

    /** What it sends and receives by, which only its driver does. */
    public DatagramPort port() {
        return port;
    }

    /** What a doctor asks the members; to be used under the driver's lock. */
    public Echoes echoes() {
        return session.echoes();
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
        return place.networkInterface().getName();
    }

    @Override
    public Optional<Security> security() {
        return sealing.security();
    }

    @Override
    public void changeSecrets(Security security) {
        sealing.change(security, driver);
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public String transport() {
        return place.provider().name();
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
    public <T> CoordinatorCollective<T> createCollective(GroupConfig groupConfig, CollectiveConfig<T> collective) {
        return groups.create(new CoordinatorCollectives<>(collective), groupConfig);
    }

    @Override
    public long incarnation() {
        return session.incarnation();
    }

    @Override
    public long term() {
        return config.term();
    }

    @Override
    public int memberCount() {
        driver.refresh();
        return reports.memberCount();
    }

    @Override
    public DeliveryMode delivery() {
        return config.delivery();
    }

    @Override
    public int unicastMembers() {
        return driver.read(nowNanos -> session.reach().servedByUnicast());
    }

    @Override
    public List<Node> deafMembers() {
        return driver.read(
                nowNanos -> session.reach().deaf().stream().map(Nodes::of).toList());
    }

    @Override
    public List<MemberPath> memberPaths() {
        return driver.read(nowNanos -> PathReports.of(session.reach()));
    }

    @Override
    public void addListener(CoordinatorListener listener) {
        reports.listeners().add(listener);
    }

    @Override
    public void removeListener(CoordinatorListener listener) {
        reports.listeners().remove(listener);
    }

    @Override
    public SessionStatistics statistics() {
        return Statistics.of(session.counters(), driver);
    }

    @Override
    public boolean isOpen() {
        return end() == null;
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
        CamureException end = SessionEnd.of(driver, name());
        return end == null ? lease.end(fenced, driver.nowNanos(), name()) : end;
    }

    @Override
    public void onEvent(SessionEvent event) {
        if (event instanceof SessionEvent.LeaseEnded) {
            dispatcher.execute(() -> SessionAnnouncer.end(announcer));
        }
        if (!reports.onEvent(event)) {
            groups.onEvent(event);
        }
    }

    @Override
    public void onFailure(Throwable cause) {
        // Waiting calls are told, and all later ones.
    }

    @Override
    public void publish() {
        reports.onMembers(session.peerCount());
        groups.publish();
    }

    @Override
    public void close() {
        // First, so that nobody is led here any more.
        SessionAnnouncer.end(announcer);
        if (driver.isClosed()) {
            // Whoever has closed it may not be done with that.
            driver.close();
            return;
        }
        if (isOpen()) {
            groups.closeAll();
        }
        end("session closed");
    }

    @Override
    public void handOver() {
        SessionAnnouncer.end(announcer);
        if (!driver.isClosed()) {
            Farewell.say(fenced, session, driver, place.provider().execution());
            end("session handed over");
        }
    }

    private void end(String how) {
        reports.close();
        driver.close();
        dispatcher.close();
        log.info("{}: {}", name(), how);
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
