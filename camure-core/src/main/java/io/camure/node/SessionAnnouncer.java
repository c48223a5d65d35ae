package io.camure.node;

import io.camure.CoordinatorConfig;
import io.camure.node.session.DerivedMulticastAddress;
import io.camure.node.session.Ports;
import io.camure.protocol.base.Format;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.session.Announcer;
import io.camure.runtime.SessionDriver;
import io.camure.runtime.SessionObserver;
import io.camure.transport.DatagramPort;
import io.camure.transport.PortOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a coordinator found by the name of its session: with a socket and a thread of its own, so that who is in the session does
 * not pay for it.
 */
final class SessionAnnouncer implements SessionObserver, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SessionAnnouncer.class);

    private final String name;
    private final SessionDriver driver;

    private SessionAnnouncer(
            CoordinatorPlace place,
            InetSocketAddress bound,
            DatagramPort port,
            long incarnation,
            CoordinatorConfig config) {
        name = config.name();
        InetSocketAddress told = config.advertisedAddress()
                .map(advertised -> GroupSources.withPort(advertised, bound))
                .orElse(bound);
        Announcer announcer = new Announcer(name, config.sessionName().orElse(""), incarnation, told);
        driver = new SessionDriver(
                "camure-" + name + "-announcer",
                announcer,
                port,
                SessionDriver.Idle.BLOCKING,
                place.provider().execution(),
                this);
    }

    /** Begins, or gives back {@code null} when that was not asked for or can't be had, of which the log is told. */
    static @Nullable SessionAnnouncer start(
            CoordinatorPlace place, InetSocketAddress bound, long incarnation, CoordinatorConfig config) {
        if (!config.announced()) {
            return null;
        }
        InetSocketAddress at =
                DerivedMulticastAddress.ofAnnouncements(config.sessionName().orElse(""), bound.getAddress());
        try {
            DatagramPort port = place.provider()
                    .open(
                            new InetSocketAddress(bound.getAddress(), 0),
                            new PortOptions(place.networkInterface(), config.multicastTtl(), 0, 0));
            try {
                port.joinMulticast(at);
                SessionAnnouncer announcer = new SessionAnnouncer(place, bound, port, incarnation, config);
                announcer.driver.start();
                log.debug("{}: members find this session by its name at {}", config.name(), Format.address(at));
                return announcer;
            } catch (Throwable e) {
                Ports.closeAfter(e, port);
                throw e;
            }
        } catch (IOException e) {
            log.warn(
                    "{}: members can't find this session by its name at {}: {}. Set announced"
                            + " (camure.coordinator.announced) to false if they need not",
                    config.name(),
                    Format.address(at),
                    e.getMessage());
            return null;
        }
    }

    @Override
    public void onEvent(SessionEvent event) {
        // It tells of none.
    }

    @Override
    public void onFailure(Throwable cause) {
        log.warn("{}: members can't find this session by its name any more", name, cause);
    }

    @Override
    public void close() {
        driver.close();
    }
}
