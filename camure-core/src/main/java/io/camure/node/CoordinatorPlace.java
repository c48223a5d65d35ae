package io.camure.node;

import io.camure.CoordinatorConfig;
import io.camure.DeliveryMode;
import io.camure.SessionStartException;
import io.camure.node.session.DerivedMulticastAddress;
import io.camure.node.session.Ports;
import io.camure.protocol.base.Format;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.group.SessionSettings;
import io.camure.transport.DatagramPort;
import io.camure.transport.PortOptions;
import io.camure.transport.PortProvider;
import io.camure.wire.GroupDelivery;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a coordinator is reached, and where its group traffic goes and leaves: as given, or else chosen here.
 *
 * @param bindReason why it is there, for the log; empty when that was given
 * @param givenMulticastAddress {@code null} when it follows from the port, which is known once that is bound
 * @param warnings what may be wrong with all that
 */
public record CoordinatorPlace(
        PortProvider provider,
        InetSocketAddress bindAddress,
        String bindReason,
        @Nullable InetSocketAddress givenMulticastAddress,
        NetworkInterface networkInterface,
        List<String> warnings) {

    /**
     * @throws IllegalArgumentException when what is given does not fit together
     * @throws SessionStartException when it does not work on this machine
     */
    public static CoordinatorPlace of(
            @Nullable InetSocketAddress bindAddress,
            @Nullable InetSocketAddress multicastAddress,
            CoordinatorConfig config) {
        checkResolved(bindAddress);
        checkMulticast(multicastAddress);
        try {
            PortProvider provider = Ports.provider(config.network(), config.transport());
            boolean machine = config.network().isEmpty();
            List<String> warnings = new ArrayList<>();
            InetSocketAddress bound = bindAddress;
            String reason = "";
            if (bound == null) {
                DefaultBindAddress chosen =
                        DefaultBindAddress.choose(provider, machine ? System::getenv : variable -> null);
                bound = chosen.address();
                reason = chosen.why();
                if (chosen.warning() != null) {
                    warnings.add(chosen.warning());
                } else if (machine && chosen.isByRoute()) {
                    PlaceWarnings.addChoice(warnings, bound.getAddress(), Format.address(bound));
                }
            } else if (bound.getAddress().isLoopbackAddress()) {
                reason = "for nodes on this machine only";
            }
            checkSameFamily("multicast address", bound, multicastAddress);
            checkSameFamily(
                    "advertised address", bound, config.advertisedAddress().orElse(null));
            String wanted = config.networkInterface().orElse(null);
            boolean multicast = config.delivery() != DeliveryMode.UNICAST;
            // Where group traffic would leave is of no interest then: what goes to each member takes the way to it.
            boolean any = !multicast && wanted == null && bound.getAddress().isAnyLocalAddress();
            NetworkInterface networkInterface = any
                    ? DefaultBindAddress.networkInterface(provider, machine, bound.getAddress())
                    : provider.networkInterface(wanted, bound.getAddress());
            if (machine) {
                PlaceWarnings.add(warnings, bound, multicast ? networkInterface : null, wanted, provider);
            }
            return new CoordinatorPlace(provider, bound, reason, multicastAddress, networkInterface, warnings);
        } catch (IOException e) {
            throw new SessionStartException(config.name() + ": " + e.getMessage(), e);
        }
    }

    private static void checkResolved(@Nullable InetSocketAddress bindAddress) {
        if (bindAddress != null && bindAddress.isUnresolved()) {
            throw new IllegalArgumentException(
                    "bind address " + Format.address(bindAddress) + ": the host name can't be resolved");
        }
    }

    private static void checkMulticast(@Nullable InetSocketAddress multicastAddress) {
        if (multicastAddress == null) {
            return;
        }
        InetAddress group = multicastAddress.getAddress();
        if (group == null || !group.isMulticastAddress()) {
            throw new IllegalArgumentException("multicast address " + Format.address(multicastAddress)
                    + ": it must be in 224.0.0.0/4 (such as 239.255.74.0) or ff00::/8");
        }
        if (multicastAddress.getPort() == 0) {
            throw new IllegalArgumentException(
                    "multicast address " + Format.address(multicastAddress) + ": it needs a port, 1…65535");
        }
    }

    private static void checkSameFamily(String what, InetSocketAddress bindAddress, @Nullable InetSocketAddress other) {
        if (other != null
                && other.getAddress().getClass() != bindAddress.getAddress().getClass()) {
            throw new IllegalArgumentException(what + " " + Format.address(other) + " and bind address "
                    + Format.address(bindAddress) + ": both must be IPv4, or both IPv6");
        }
    }

    /** @param bound where the coordinator is reached, with the real port */
    public InetSocketAddress multicastAddress(InetSocketAddress bound, CoordinatorConfig config) {
        return givenMulticastAddress != null
                ? givenMulticastAddress
                : DerivedMulticastAddress.of(config.sessionName().orElse(""), bound);
    }

    /** From where members are to take group traffic. */
    public List<InetSocketAddress> groupSources(InetSocketAddress bound, CoordinatorConfig config) {
        return config.delivery() == DeliveryMode.UNICAST
                ? List.of()
                : GroupSources.of(config.advertisedAddress().orElse(null), bound, networkInterface);
    }

    /** @throws IOException when the address is taken or none of this machine's */
    public DatagramPort open(CoordinatorConfig config) throws IOException {
        return provider.open(
                bindAddress,
                new PortOptions(networkInterface, config.multicastTtl(), config.sendBuffer(), config.receiveBuffer()));
    }

    /** @throws SessionStartException when the address is taken or none of this machine's */
    DatagramPort openToStart(CoordinatorConfig config) {
        try {
            return open(config);
        } catch (IOException e) {
            throw new SessionStartException(
                    config.name() + ": can't bind to " + Format.address(bindAddress) + ": " + e.getMessage()
                            + ". Is the port taken, or the address not one of this machine?",
                    e);
        }
    }

    /** See {@link io.camure.Coordinator#addressFor}. */
    InetSocketAddress addressToStart(CoordinatorConfig config) {
        try (DatagramPort port = openToStart(config)) {
            return port.localAddress();
        } catch (IOException e) {
            throw new SessionStartException(config.name() + ": " + e.getMessage(), e);
        }
    }

    /**
     * What the state machine of a session at this place has to know.
     *
     * @param sizes how long datagrams may be
     */
    public SessionSettings settings(DatagramPort port, PathSizes sizes, CoordinatorConfig config) {
        return new SessionSettings(
                multicastAddress(port.localAddress(), config),
                sizes,
                config.heartbeatInterval().toNanos(),
                config.memberTimeout().toNanos(),
                config.legacyLinger().toNanos(),
                config.maximumMembers(),
                config.sendWindow(),
                port.receiveBufferBytes(),
                config.name(),
                GroupDelivery.valueOf(config.delivery().name()),
                config.acceptLegacy());
    }

    /** Finds out whether multicast can leave, if any is to. Its port, if it is derived, does not matter for that. */
    void checkMulticastRoute(CoordinatorConfig config) {
        if (config.delivery() == DeliveryMode.UNICAST) {
            return;
        }
        InetSocketAddress multicastAddress = multicastAddress(bindAddress, config);
        try {
            provider.checkMulticastRoute(bindAddress, multicastAddress, networkInterface);
        } catch (IOException e) {
            boolean ipv6Loopback = bindAddress.getAddress().isLoopbackAddress()
                    && bindAddress.getAddress().getAddress().length > 4;
            throw new SessionStartException(
                    config.name() + ": multicast to " + Format.address(multicastAddress)
                            + " can't leave by network interface " + networkInterface.getName() + ": " + e.getMessage()
                            + (ipv6Loopback
                                    ? ". The kernel has no route for IPv6 multicast on loopback: use IPv4 there,"
                                            + " such as 127.0.0.1 and 239.255.74.0"
                                    : ". Set the network interface to one that has a route for it, or the delivery"
                                            + " (camure.coordinator.delivery) to unicast"),
                    e);
        }
    }

    /** For the log: where the session is, and why where nobody has said it. */
    public String describe(InetSocketAddress bound, InetSocketAddress multicastAddress, CoordinatorConfig config) {
        String groupTraffic = "to " + Format.address(multicastAddress)
                + (givenMulticastAddress == null ? " (from the session's name and port)" : "") + " by "
                + networkInterface.getName();
        return Format.address(bound) + (bindReason.isEmpty() ? "" : " (" + bindReason + ")")
                + config.advertisedAddress()
                        .map(advertised ->
                                ", advertised as " + Format.address(GroupSources.withPort(advertised, bound)))
                        .orElse("")
                + ", group traffic "
                + (config.delivery() == DeliveryMode.UNICAST ? "by unicast" : groupTraffic) + ", transport "
                + provider.name()
                + config.security().map(security -> ", sealed: " + security).orElse("");
    }
}
