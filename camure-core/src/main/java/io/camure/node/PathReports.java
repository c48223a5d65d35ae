package io.camure.node;

import io.camure.MemberPath;
import io.camure.node.group.Nodes;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.session.PeerReach;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log and to listeners which datagrams do not get to a member, and how long those are that do. */
final class PathReports {

    private static final int IPV4_HEADERS_BYTES = 28;
    private static final int IPV6_HEADERS_BYTES = 48;

    private static final Logger log = LoggerFactory.getLogger(PathReports.class);

    private final String name;
    private final CoordinatorListeners listeners;
    private final int headersBytes;

    /** @param address one of the session, which tells its IP version */
    PathReports(String name, InetAddress address, CoordinatorListeners listeners) {
        this.name = name;
        this.listeners = listeners;
        headersBytes = address instanceof Inet6Address ? IPV6_HEADERS_BYTES : IPV4_HEADERS_BYTES;
    }

    /** The path of each member, now. */
    static List<MemberPath> of(PeerReach reach) {
        return reach.paths().stream()
                .map(path -> new MemberPath(Nodes.of(path.node()), path.bytes(), path.lowered()))
                .toList();
    }

    /** Called under the driver's lock. */
    void onChanged(SessionEvent.PathChanged changed) {
        MemberPath path = new MemberPath(Nodes.of(changed.member()), changed.bytes(), changed.lowered());
        log(changed);
        listeners.tell(listener -> listener.memberPathChanged(path));
    }

    private void log(SessionEvent.PathChanged changed) {
        if (changed.bytes() >= changed.before() || !changed.lowered()) {
            log.info("{}: datagrams of up to {} bytes get to {}", name, changed.bytes(), Nodes.of(changed.member()));
            return;
        }
        log.warn(
                "{}: datagrams of {} bytes do not get to {} by {}, those of {} bytes do: messages of its groups are cut for that"
                        + " from now on. The MTU on the way is about {}, and what is longer is lost there without a word:"
                        + " a tunnel, a VPN, or interfaces that are set differently; let ICMP through, or set the same MTU"
                        + " everywhere",
                name,
                changed.before(),
                Nodes.of(changed.member()),
                ways(changed),
                changed.bytes(),
                changed.bytes() + headersBytes);
    }

    private static String ways(SessionEvent.PathChanged changed) {
        if (changed.byUnicast() && changed.byMulticast()) {
            return "unicast and multicast";
        }
        return changed.byMulticast() ? "multicast" : "unicast";
    }

    void onTooLong(SessionEvent.ChunkTooLong tooLong) {
        log.warn(
                "{}: a chunk of {} bytes was sent to {} again ten times and does not get there, though the member answers: an"
                        + " MTU of less than {} on the way is the usual cause. That member can't find out what gets there. Set"
                        + " chunk-size (camure.coordinator.chunk-size) to what does, such as 1300B, and start the session anew",
                name,
                tooLong.bytes(),
                Nodes.of(tooLong.member()),
                tooLong.bytes() + headersBytes);
    }
}
