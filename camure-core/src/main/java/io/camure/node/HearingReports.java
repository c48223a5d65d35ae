package io.camure.node;

import io.camure.CoordinatorConfig;
import io.camure.DeliveryMode;
import io.camure.Node;
import io.camure.protocol.base.Format;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says which members of a session hear group traffic and which do not, in the log and to listeners. */
final class HearingReports {

    /** Each broadcast leaves as many times as there are members served by unicast. */
    private static final int MANY = 50;

    private static final Logger log = LoggerFactory.getLogger(HearingReports.class);

    private final CoordinatorConfig config;
    private final InetSocketAddress multicastAddress;
    private final String networkInterface;
    private final CoordinatorListeners listeners;

    /** Guarded by the driver's lock. */
    private boolean warnedOfMany;

    HearingReports(
            CoordinatorConfig config,
            InetSocketAddress multicastAddress,
            String networkInterface,
            CoordinatorListeners listeners) {
        this.config = config;
        this.multicastAddress = multicastAddress;
        this.networkInterface = networkInterface;
        this.listeners = listeners;
    }

    /** Called under the driver's lock. */
    void onChanged(Node member, boolean hears) {
        String group = Format.address(multicastAddress) + " by " + networkInterface;
        if (hears) {
            log.info("{}: {} hears {} again: served by multicast", config.name(), member, group);
        } else {
            log.warn(
                    "{}: {} does not hear {} but answers by unicast: served by unicast. Usual causes: the network carries no"
                            + " multicast, as in most clouds, container networks and VPNs; a switch without an IGMP querier"
                            + " forgets who listens; a firewall; the member listens by another interface"
                            + " (network-interface). Where it is meant to be so, set the delivery to unicast",
                    config.name(),
                    member,
                    group);
        }
        listeners.tell(listener -> {
            if (hears) {
                listener.memberHears(member);
            } else {
                listener.memberDeaf(member);
            }
        });
    }

    /** Called under the driver's lock, when the number may have changed. */
    void onServedByUnicast(int members) {
        if (members > MANY && !warnedOfMany) {
            warnedOfMany = true;
            log.warn(
                    "{}: {} members are served by unicast{}: each message leaves once for each of them. A network that carries"
                            + " multicast, or fewer members in a session, save that bandwidth",
                    config.name(),
                    members,
                    config.delivery() == DeliveryMode.UNICAST ? ", as configured" : "");
        } else if (members <= MANY / 2) {
            warnedOfMany = false;
        }
    }
}
