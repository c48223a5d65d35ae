package io.camure.node;

import io.camure.BroadcastGroup;
import io.camure.CamureException;
import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.CoordinatorConfig;
import io.camure.CoordinatorGroup;
import io.camure.CoordinatorListener;
import io.camure.DeliveryMode;
import io.camure.GroupConfig;
import io.camure.Node;
import io.camure.SessionStartException;
import io.camure.SessionStatistics;
import io.camure.node.barrier.CoordinatorBarriers;
import io.camure.node.broadcast.CoordinatorBroadcasts;
import io.camure.node.group.CoordinatorGroups;
import io.camure.node.group.FutureExecutor;
import io.camure.node.group.NodeContext;
import io.camure.node.group.Nodes;
import io.camure.node.group.SessionEnd;
import io.camure.node.session.Codecs;
import io.camure.node.session.Ports;
import io.camure.node.session.ReceiveBuffer;
import io.camure.node.session.Statistics;
import io.camure.protocol.base.Checks;
import io.camure.protocol.base.Format;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.group.SessionSettings;
import io.camure.protocol.session.CoordinatorSession;
import io.camure.protocol.session.Echoes;
import io.camure.runtime.EventDispatcher;
import io.camure.runtime.SessionDriver;
import io.camure.runtime.SessionObserver;
import io.camure.transport.DatagramPort;
import io.camure.transport.Execution;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.List;
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
    private final NetworkInterface networkInterface;
    private final String transport;
    private final DatagramPort port;
    private final CoordinatorSession session;
    private final SessionDriver driver;
    private final EventDispatcher dispatcher;
    private final FutureExecutor futureExecutor;
    private volatile int memberCount;
    private final CoordinatorGroups groups;
    private final HearingReports hearingReports;
    private volatile @Nullable SessionAnnouncer announcer;
    private final SecurityReports securityReports;
    private final PathReports pathReports;

    private CoordinatorNode(CoordinatorPlace place, DatagramPort port, ChunkSize chunkSize, CoordinatorConfig config) {
        this.place = place;
        chunkBytes = chunkSize.sizes().unprovenBytes();
        this.config = config;
        transport = place.provider().name();
        Execution execution = place.provider().execution();
        multicastAddress = place.multicastAddress(port.localAddress(), config);
        networkInterface = place.networkInterface();
        this.port = port;
        SessionSettings settings = place.settings(port, chunkSize.sizes(), config);
        session = new CoordinatorSession(
                settings,
                config.sessionName().orElse(""),
                place.groupSources(port.localAddress(), config),
                execution.newRandom(),
                Codecs.of(config, settings, execution.newRandom()));
        driver = new SessionDriver(
                "camure-" + config.name(),
                session,
                port,
                SessionDriver.Idle.valueOf(config.idleStrategy().name()),
                execution,
                this);
        dispatcher = new EventDispatcher("camure-" + config.name() + "-events", execution);
        futureExecutor = new FutureExecutor(config.name(), config.executor().orElse(null));
        groups = new CoordinatorGroups(this, session, config.maximumMembers());
        securityReports = new SecurityReports(config);
        pathReports = new PathReports(name(), multicastAddress.getAddress());
        hearingReports = new HearingReports(config, multicastAddress, networkInterface.getName(), dispatcher);
    }

    /** See {@link Coordinator#start(InetSocketAddress, InetSocketAddress, CoordinatorConfig)}. */
    public static CoordinatorNode start(
            @Nullable InetSocketAddress bindAddress,
            @Nullable InetSocketAddress multicastAddress,
            CoordinatorConfig config) {
        String name = Checks.given("config", config).name();
        CoordinatorPlace place = CoordinatorPlace.of(bindAddress, multicastAddress, config);
        if (config.delivery() != DeliveryMode.UNICAST) {
            place.checkMulticastRoute(config);
        }
        ChunkSize chunkSize = ChunkSize.of(place, config);
        DatagramPort port;
        try {
            port = place.open(config);
        } catch (IOException e) {
            throw new SessionStartException(
                    name + ": can't bind to " + Format.address(place.bindAddress()) + ": " + e.getMessage()
                            + ". Is the port taken, or the address not one of this machine?",
                    e);
        }
        try {
            InetSocketAddress bound = port.localAddress();
            CoordinatorNode coordinator = new CoordinatorNode(place, port, chunkSize, config);
            log.info(
                    "{}: session started at {}, {}",
                    name,
                    place.describe(bound, coordinator.multicastAddress, config),
                    chunkSize.describe());
            coordinator.warn(place, chunkSize);
            String shortfall = ReceiveBuffer.shortfall(config.receiveBuffer(), port.receiveBufferBytes());
            if (shortfall != null) {
                log.info("{}: {}", name, shortfall);
            }
            // Last: whatever fails before has nothing to close but the port.
            coordinator.driver.start();
            coordinator.announcer = SessionAnnouncer.start(place, bound, coordinator.incarnation(), config);
            return coordinator;
        } catch (Throwable e) {
            Ports.closeAfter(e, port);
            throw e;
        }
    }

    private void warn(CoordinatorPlace place, ChunkSize chunkSize) {
        securityReports.onStarted(address());
        if (!place.warnings().isEmpty()) {
            log.warn("{}: {}", name(), String.join("; ", place.warnings()));
        }
        if (chunkSize.warning() != null) {
            log.warn("{}: {}", name(), chunkSize.warning());
        }
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

    /** What the kernel gave as receive buffer, as it counts it. */
    public int receiveBufferBytes() {
        return port.receiveBufferBytes();
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
    public DeliveryMode delivery() {
        return config.delivery();
    }

    @Override
    public int unicastMembers() {
        return driver.read(nowNanos -> session.servedByUnicast());
    }

    @Override
    public List<Node> deafMembers() {
        return driver.read(
                nowNanos -> session.deafPeers().stream().map(Nodes::of).toList());
    }

    @Override
    public void addListener(CoordinatorListener listener) {
        hearingReports.add(Checks.given("listener", listener));
    }

    @Override
    public void removeListener(CoordinatorListener listener) {
        hearingReports.remove(Checks.given("listener", listener));
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
        if (event instanceof SessionEvent.HearingChanged changed) {
            hearingReports.onChanged(Nodes.of(changed.member()), changed.hears());
            hearingReports.onServedByUnicast(session.deafPeers().size());
        } else if (event instanceof SessionEvent.PathChanged changed) {
            pathReports.onChanged(changed);
        } else if (event instanceof SessionEvent.ChunkTooLong tooLong) {
            pathReports.onTooLong(tooLong);
        } else if (!securityReports.onEvent(event)) {
            groups.onEvent(event);
        }
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
            if (config.delivery() == DeliveryMode.UNICAST) {
                hearingReports.onServedByUnicast(members);
            }
        }
        groups.publish();
    }

    @Override
    public void close() {
        SessionAnnouncer announcing = announcer;
        if (announcing != null) {
            // First, so that nobody is led here any more.
            announcing.close();
        }
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
