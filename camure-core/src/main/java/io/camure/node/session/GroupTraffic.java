package io.camure.node.session;

import io.camure.protocol.base.SessionEvent;
import io.camure.transport.DatagramPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a member listens to beside what is sent to it alone. */
final class GroupTraffic {

    private static final Logger log = LoggerFactory.getLogger(GroupTraffic.class);

    private final String name;
    private final DatagramPort port;
    private boolean ready;
    private @Nullable IOException failure;

    GroupTraffic(String name, DatagramPort port) {
        this.name = name;
        this.port = port;
    }

    void onEvent(SessionEvent event) {
        if (event instanceof SessionEvent.SessionJoined answered) {
            listen(answered.multicastAddress());
        } else if (event instanceof SessionEvent.GroupTrafficMissing) {
            renew();
        }
    }

    /** Listens to a multicast address, or to none when everything comes by unicast. */
    private void listen(@Nullable InetSocketAddress multicastAddress) {
        try {
            if (multicastAddress != null) {
                port.joinMulticast(multicastAddress);
            }
            ready = true;
        } catch (IOException e) {
            failure = e;
        }
    }

    /** A switch may have forgotten that this host listens. */
    private void renew() {
        try {
            port.renewMulticast();
            log.debug("{}: joined the multicast address again, since nothing comes by it", name);
        } catch (IOException e) {
            log.warn("{}: can't join the multicast address again: {}", name, e.getMessage());
        }
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
