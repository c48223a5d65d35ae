package io.camure.node.session;

import io.camure.protocol.base.Format;
import io.camure.protocol.base.SessionEvent;
import io.camure.transport.DatagramPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What a member listens to beside what is sent to it alone. */
final class GroupTraffic {

    private static final Logger log = LoggerFactory.getLogger(GroupTraffic.class);

    private final String name;
    private final InetSocketAddress coordinatorAddress;
    private final DatagramPort port;
    private boolean ready;
    private @Nullable IOException failure;

    /** How often in a row joining again has failed in the same way, and how. */
    private int failedRenewals;

    private String lastFailedRenewal = "";

    /** @param coordinatorAddress where the coordinator is asked */
    GroupTraffic(String name, InetSocketAddress coordinatorAddress, DatagramPort port) {
        this.name = name;
        this.coordinatorAddress = coordinatorAddress;
        this.port = port;
    }

    void onEvent(SessionEvent event) {
        if (event instanceof SessionEvent.SessionJoined answered) {
            listen(answered.multicastAddress());
        } else if (event instanceof SessionEvent.GroupTrafficMissing) {
            renew();
        } else if (event instanceof SessionEvent.AnsweredElsewhere elsewhere) {
            log.info(
                    "{}: the coordinator that is asked at {} answers from {}, which is believed, too",
                    name,
                    Format.address(coordinatorAddress),
                    Format.address(elsewhere.source()));
        } else if (event instanceof SessionEvent.UnnamedGroupSource unnamed) {
            log.warn(
                    "{}: group traffic comes from {}, which the coordinator at {} does not name, and is dropped (foreign-source);"
                            + " the coordinator serves this node by unicast. Set its advertised-address"
                            + " (camure.coordinator.advertised-address) to {}",
                    name,
                    Format.address(unnamed.source()),
                    Format.address(coordinatorAddress),
                    Format.address(unnamed.source()));
        }
    }

    /** Listens to a multicast address, or to none when everything comes by unicast. */
    private void listen(@Nullable InetSocketAddress multicastAddress) {
        try {
            if (multicastAddress != null) {
                checkVersion(multicastAddress);
                port.joinMulticast(multicastAddress);
            }
            ready = true;
        } catch (IOException e) {
            failure = e;
        }
    }

    /** The host of a coordinator that is bound to the wildcard of IPv6 has addresses of both versions. */
    private void checkVersion(InetSocketAddress multicastAddress) throws IOException {
        if (multicastAddress.getAddress().getClass()
                != coordinatorAddress.getAddress().getClass()) {
            throw new IOException(
                    "it goes to " + Format.address(multicastAddress) + ", and the coordinator was asked at "
                            + Format.address(coordinatorAddress)
                            + ": both must be IPv4, or both IPv6. Set the coordinator's address"
                            + " (camure.member.coordinator-address), or its bind-address and multicast-address, to the same version,"
                            + " or its delivery (camure.coordinator.delivery) to unicast");
        }
    }

    /** A switch may have forgotten that this host listens. */
    private void renew() {
        try {
            port.renewMulticast();
            log.atLevel(failedRenewals > 0 ? Level.INFO : Level.DEBUG)
                    .log("{}: joined the multicast address again, since nothing comes by it", name);
            failedRenewals = 0;
        } catch (IOException e) {
            onRenewalFailed(String.valueOf(e.getMessage()));
        }
    }

    /** An interface may be down for days: the log tells the first time, the second, the fourth and so on. */
    private void onRenewalFailed(String why) {
        failedRenewals = why.equals(lastFailedRenewal) ? failedRenewals + 1 : 1;
        lastFailedRenewal = why;
        log.atLevel(Integer.bitCount(failedRenewals) == 1 ? Level.WARN : Level.DEBUG)
                .log(
                        "{}: can't join the multicast address again{}: {}. Is the network interface down? What is for all"
                                + " comes by unicast meanwhile",
                        name,
                        failedRenewals == 1 ? "" : ", after " + failedRenewals + " tries",
                        why);
    }

    boolean isReady() {
        return ready;
    }

    /** Why it can't listen, or {@code null}. */
    @Nullable
    IOException failure() {
        return failure;
    }
}
