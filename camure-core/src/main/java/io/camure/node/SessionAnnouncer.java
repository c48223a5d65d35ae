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
import io.camure.transport.NetworkInterfaces;
import io.camure.transport.PortOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a coordinator found by the name of its session: with a socket and a thread of its own, so that who is in the session does
 * not pay for it. One that is bound to a wildcard address is found by all network interfaces, and has both for each.
 */
final class SessionAnnouncer implements SessionObserver, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SessionAnnouncer.class);

    /** More than a machine is likely to have that has no hundreds. */
    private static final int MAXIMUM_INTERFACES = 8;

    private final CoordinatorPlace place;
    private final InetSocketAddress bound;
    private final CoordinatorConfig config;
    private final String name;
    private final List<SessionDriver> drivers = new ArrayList<>();

    private SessionAnnouncer(CoordinatorPlace place, InetSocketAddress bound, CoordinatorConfig config) {
        this.place = place;
        this.bound = bound;
        this.config = config;
        name = config.name();
    }

    /** Begins, or gives back {@code null} when that was not asked for or can't be had, of which the log is told. */
    static @Nullable SessionAnnouncer start(CoordinatorPlace place, DatagramPort ofSession, CoordinatorConfig config) {
        if (!config.announced()) {
            return null;
        }
        SessionAnnouncer announcer = new SessionAnnouncer(place, ofSession.localAddress(), config);
        try {
            announcer.listen();
        } catch (Throwable e) {
            announcer.close();
            throw e;
        }
        return announcer.drivers.isEmpty() ? null : announcer;
    }

    /** Ends what has begun, if anything has. */
    static void end(@Nullable SessionAnnouncer announcer) {
        if (announcer != null) {
            announcer.close();
        }
    }

    private void listen() {
        InetSocketAddress at =
                DerivedMulticastAddress.ofAnnouncements(config.sessionName().orElse(""), bound.getAddress());
        for (NetworkInterface networkInterface : networkInterfaces()) {
            String where = Format.address(at) + " by " + networkInterface.getName();
            try {
                drivers.add(listen(at, networkInterface));
                log.debug("{}: members find this session by its name at {}", name, where);
            } catch (IOException e) {
                log.warn(
                        "{}: members can't find this session by its name at {}: {}. Set announced"
                                + " (camure.coordinator.announced) to false if they need not",
                        name,
                        where,
                        e.getMessage());
            }
        }
    }

    private List<NetworkInterface> networkInterfaces() {
        boolean all = config.network().isEmpty()
                && config.networkInterface().isEmpty()
                && bound.getAddress().isAnyLocalAddress();
        NetworkInterface ofGroups = place.networkInterface();
        if (!all) {
            return List.of(ofGroups);
        }
        try {
            List<NetworkInterface> like = NetworkInterfaces.withAddressLike(bound.getAddress());
            // Most members are where group traffic goes.
            List<NetworkInterface> found = Stream.concat(
                            Stream.of(ofGroups),
                            NetworkInterfaces.forMulticast().stream().filter(like::contains))
                    .distinct()
                    .toList();
            tellLeftOut(found.subList(Math.min(found.size(), MAXIMUM_INTERFACES), found.size()));
            return found.subList(0, Math.min(found.size(), MAXIMUM_INTERFACES));
        } catch (SocketException e) {
            log.warn("{}: the network interfaces can't be listed: {}", name, e.getMessage());
            return List.of(ofGroups);
        }
    }

    private void tellLeftOut(List<NetworkInterface> leftOut) {
        if (!leftOut.isEmpty()) {
            log.info(
                    "{}: members can't find this session by its name by {}, as it is told by {} network interfaces at most. If members"
                            + " are there, set network-interface (camure.coordinator.network-interface) to the one that leads to them",
                    name,
                    leftOut.stream().map(NetworkInterfaces::describe).collect(Collectors.joining(", ")),
                    MAXIMUM_INTERFACES);
        }
    }

    private SessionDriver listen(InetSocketAddress at, NetworkInterface networkInterface) throws IOException {
        DatagramPort port = place.provider()
                .open(
                        new InetSocketAddress(bound.getAddress(), 0),
                        new PortOptions(networkInterface, config.multicastTtl(), 0, 0));
        try {
            port.joinMulticast(at);
            InetSocketAddress told = config.advertisedAddress()
                    .map(advertised -> GroupSources.withPort(advertised, bound))
                    .orElse(bound);
            SessionDriver driver = new SessionDriver(
                    "camure-" + name + "-announcer",
                    new Announcer(
                            name,
                            config.sessionName().orElse(""),
                            told,
                            place.provider().execution().newRandom()),
                    port,
                    SessionDriver.Idle.BLOCKING,
                    place.provider().execution(),
                    this);
            driver.start();
            return driver;
        } catch (Throwable e) {
            Ports.closeAfter(e, port);
            throw e;
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
        drivers.forEach(SessionDriver::close);
    }
}
