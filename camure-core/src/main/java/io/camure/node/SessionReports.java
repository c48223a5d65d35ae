package io.camure.node;

import io.camure.CoordinatorConfig;
import io.camure.DeliveryMode;
import io.camure.node.group.NodeContext;
import io.camure.node.group.Nodes;
import io.camure.node.session.ReceiveBuffer;
import io.camure.node.session.SelfExamination;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.session.CoordinatorSession;
import io.camure.transport.DatagramPort;
import io.camure.transport.Execution;
import java.net.InetSocketAddress;
import org.slf4j.Logger;

/** What a coordinator tells of its session as a whole, in the log and to listeners. Called under the driver's lock. */
final class SessionReports {

    private final Logger log;
    private final NodeContext coordinator;
    private final CoordinatorConfig config;
    private final String name;
    private final InetSocketAddress multicastAddress;
    private final CoordinatorSession session;
    private final CoordinatorListeners listeners;
    private final HearingReports hearing;
    private final SelfExamination selfExamination;
    private final SecurityReports security;
    private final PathReports paths;
    private volatile int memberCount;

    /** @param log that of the coordinator */
    SessionReports(
            Logger log,
            NodeContext coordinator,
            CoordinatorConfig config,
            CoordinatorSession session,
            InetSocketAddress multicastAddress,
            CoordinatorPlace place,
            Execution execution) {
        this.log = log;
        this.config = config;
        name = config.name();
        this.multicastAddress = multicastAddress;
        this.session = session;
        this.coordinator = coordinator;
        selfExamination = new SelfExamination(name, execution);
        listeners = new CoordinatorListeners(coordinator.dispatcher());
        hearing = new HearingReports(
                config, multicastAddress, place.networkInterface().getName(), listeners);
        security = new SecurityReports(config);
        paths = new PathReports(name, multicastAddress.getAddress(), listeners);
    }

    void onStarted(CoordinatorPlace place, DatagramPort port, ChunkSize chunkSize) {
        log.info(
                "{}: session started at {}{}, {}",
                name,
                place.describe(port.localAddress(), multicastAddress, config),
                config.term() == 0 ? "" : ", term " + config.term(),
                chunkSize.describe());
        security.onStarted(port.localAddress());
        if (!place.warnings().isEmpty()) {
            log.warn("{}: {}", name, String.join("; ", place.warnings()));
        }
        if (chunkSize.warning() != null) {
            log.warn("{}: {}", name, chunkSize.warning());
        }
        String shortfall = ReceiveBuffer.shortfall(config.receiveBuffer(), port.receiveBufferBytes());
        if (shortfall != null) {
            log.info("{}: {}", name, shortfall);
        }
    }

    /** Tells what has happened, and says whether it was something of the session as a whole. */
    boolean onEvent(SessionEvent event) {
        if (event instanceof SessionEvent.HearingChanged changed) {
            hearing.onChanged(Nodes.of(changed.member()), changed.hears());
            hearing.onServedByUnicast(session.reach().deaf().size());
            if (!changed.hears()) {
                selfExamination.onDeafMember(coordinator);
            }
        } else if (event instanceof SessionEvent.PathChanged changed) {
            paths.onChanged(changed);
        } else if (event instanceof SessionEvent.ChunkTooLong tooLong) {
            paths.onTooLong(tooLong);
        } else if (event instanceof SessionEvent.LeaseEnded ended) {
            log.warn(
                    "{}: the lease of term {} was not renewed in time: this node stops coordinating at once",
                    name,
                    ended.term());
            listeners.tell(listener -> listener.leaseEnded(ended.term()));
        } else {
            return security.onEvent(event);
        }
        return true;
    }

    /** How many members the session has now; called in each turn. */
    void onMembers(int members) {
        if (memberCount != members) {
            memberCount = members;
            if (config.delivery() == DeliveryMode.UNICAST) {
                hearing.onServedByUnicast(members);
            }
        }
    }

    int memberCount() {
        return memberCount;
    }

    /** Whom it tells. */
    CoordinatorListeners listeners() {
        return listeners;
    }

    /** Nothing is found out any more. */
    void close() {
        selfExamination.close();
    }
}
