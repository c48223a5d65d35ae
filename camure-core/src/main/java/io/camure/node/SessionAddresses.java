package io.camure.node;

import io.camure.DeliveryMode;
import io.camure.SessionStartException;
import io.camure.protocol.base.Checks;
import io.camure.protocol.base.Format;
import io.camure.transport.PortProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Where a session is, and where its group traffic goes.
 *
 * @param multicast {@code null} when there is none, as nothing is delivered by multicast
 */
record SessionAddresses(InetSocketAddress bind, @Nullable InetSocketAddress multicast, DeliveryMode delivery) {

    /** What members are told that only know sessions with a multicast address: one to which nothing is sent. */
    private static final byte[] ALL_HOSTS_IPV4 = {(byte) 224, 0, 0, 1};

    private static final byte[] ALL_HOSTS_IPV6 = {(byte) 0xFF, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    private static final int UNUSED_PORT = 7401;

    /** @throws IllegalArgumentException when they don't fit together */
    static SessionAddresses checked(
            InetSocketAddress bind, @Nullable InetSocketAddress multicast, DeliveryMode delivery) {
        if (Checks.given("bindAddress", bind).isUnresolved()) {
            throw new IllegalArgumentException(
                    "bind address " + Format.address(bind) + ": the host name can't be resolved");
        }
        if (multicast != null || delivery != DeliveryMode.UNICAST) {
            checkMulticast(bind, Checks.given("multicastAddress", multicast));
        }
        return new SessionAddresses(bind, multicast, delivery);
    }

    private static void checkMulticast(InetSocketAddress bind, InetSocketAddress multicast) {
        InetAddress group = multicast.getAddress();
        if (group == null || !group.isMulticastAddress()) {
            throw new IllegalArgumentException("multicast address " + Format.address(multicast)
                    + ": it must be in 224.0.0.0/4 (such as 239.255.74.0) or ff00::/8");
        }
        if (multicast.getPort() == 0) {
            throw new IllegalArgumentException(
                    "multicast address " + Format.address(multicast) + ": it needs a port, 1…65535");
        }
        if (group.getClass() != bind.getAddress().getClass()) {
            throw new IllegalArgumentException("multicast address " + Format.address(multicast) + " and bind address "
                    + Format.address(bind) + ": both must be IPv4, or both IPv6");
        }
    }

    /** Whose interface group traffic leaves by, unless another one is configured; any will do for none. */
    InetAddress ofInterface() {
        return delivery == DeliveryMode.UNICAST && bind.getAddress().isAnyLocalAddress()
                ? InetAddress.getLoopbackAddress()
                : bind.getAddress();
    }

    /** The multicast address that members are told. */
    InetSocketAddress toldMulticast() {
        InetSocketAddress used = multicast;
        if (used != null) {
            return used;
        }
        try {
            byte[] unused = bind.getAddress().getAddress().length == 4 ? ALL_HOSTS_IPV4 : ALL_HOSTS_IPV6;
            return new InetSocketAddress(InetAddress.getByAddress(unused), UNUSED_PORT);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 bytes are always an address", e);
        }
    }

    /** @throws SessionStartException when multicast can't leave by the interface, but is to */
    void checkRoute(String name, PortProvider provider, NetworkInterface networkInterface) {
        InetSocketAddress used = multicast;
        if (used == null || delivery == DeliveryMode.UNICAST) {
            return;
        }
        try {
            provider.checkMulticastRoute(bind, used, networkInterface);
        } catch (IOException e) {
            boolean ipv6Loopback =
                    bind.getAddress().isLoopbackAddress() && bind.getAddress().getAddress().length > 4;
            throw new SessionStartException(
                    name + ": multicast to " + Format.address(used) + " can't leave by network interface "
                            + networkInterface.getName() + ": " + e.getMessage()
                            + (ipv6Loopback
                                    ? ". The kernel has no route for IPv6 multicast on loopback: use IPv4 there,"
                                            + " such as 127.0.0.1 and 239.255.74.0"
                                    : ". Set the network interface to one that has a route for it, or the delivery to"
                                            + " unicast"),
                    e);
        }
    }

    /** Where group traffic goes, for people. */
    String describeGroupTraffic(String networkInterface) {
        InetSocketAddress used = multicast;
        return used == null || delivery == DeliveryMode.UNICAST
                ? "by unicast"
                : "to " + Format.address(used) + " by " + networkInterface;
    }
}
