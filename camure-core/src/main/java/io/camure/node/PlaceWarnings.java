package io.camure.node;

import io.camure.transport.NetworkInterfaces;
import io.camure.transport.PortProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What may be wrong with where a coordinator is reached and where its group traffic leaves: texts for the log. */
final class PlaceWarnings {

    private static final String BIND_ADDRESS = "bind-address (camure.coordinator.bind-address)";
    private static final String NETWORK_INTERFACE = "network-interface (camure.coordinator.network-interface)";

    private PlaceWarnings() {}

    /** That the address was chosen here, when it could have been another one. */
    static void addChoice(List<String> warnings, InetAddress chosen, String text) throws IOException {
        List<String> candidates = NetworkInterfaces.describeReachable(chosen);
        if (candidates.size() > 1) {
            warnings.add(
                    BIND_ADDRESS + " is not set, and " + text + " was chosen among " + String.join(", ", candidates));
        }
    }

    /**
     * @param group where group traffic leaves; {@code null} when there is none
     * @param wanted what was to be that, if anything was said
     */
    static void add(
            List<String> warnings,
            InetSocketAddress bound,
            @Nullable NetworkInterface group,
            @Nullable String wanted,
            PortProvider provider)
            throws IOException {
        addUnreachable(warnings, bound);
        if (bound.getAddress().isAnyLocalAddress() && !provider.answersFromAskedAddress()) {
            warnings.add(
                    "it is bound to the wildcard address " + bound.getAddress().getHostAddress()
                            + ", and transport " + provider.name()
                            + " can't choose from which of this machine's addresses it answers: members that ask another one than"
                            + " that go on nevertheless, but not those of earlier builds and of protocol 0.1. Set "
                            + BIND_ADDRESS
                            + " to the one that members ask, or use transport linux, which can");
        }
        if (group != null) {
            addInterface(warnings, bound.getAddress(), group, wanted);
        }
    }

    /** A name may stand for another address here than on other machines; who writes a loopback address means it. */
    private static void addUnreachable(List<String> warnings, InetSocketAddress bound) throws IOException {
        InetAddress address = bound.getAddress();
        String host = bound.getHostString();
        boolean named = !NetworkInterfaces.isLiteral(host) && !host.equalsIgnoreCase("localhost");
        if (address.isLoopbackAddress() && named) {
            warnings.add("only nodes on this machine can join, since " + host + " is " + address.getHostAddress()
                    + " here. Set " + BIND_ADDRESS + " to an address that other machines reach" + others(address));
        } else if (address.isLinkLocalAddress()) {
            warnings.add("only nodes on the same link can join, since " + address.getHostAddress()
                    + " is a link-local address" + others(address));
        }
    }

    private static String others(InetAddress like) throws IOException {
        List<String> reachable = NetworkInterfaces.describeReachable(like);
        return reachable.isEmpty() ? "" : ". This machine has " + String.join(", ", reachable);
    }

    private static void addInterface(
            List<String> warnings, InetAddress bound, NetworkInterface group, @Nullable String wanted)
            throws SocketException {
        String described = NetworkInterfaces.describe(group);
        if (!group.isUp() || !group.isLoopback() && !group.supportsMulticast()) {
            warnings.add("group traffic leaves by network interface " + described + ", which "
                    + (group.isUp() ? "does no multicast" : "is down") + ": members are served by unicast. Set "
                    + NETWORK_INTERFACE + " to another one, or delivery (camure.coordinator.delivery) to unicast");
        } else if (wanted != null
                && !bound.isAnyLocalAddress()
                && !bound.isLoopbackAddress()
                && !NetworkInterfaces.has(group, bound)) {
            warnings.add("group traffic leaves by network interface " + described
                    + ", which does not have the bind address " + bound.getHostAddress()
                    + ": members must hear the one and reach the other");
        }
    }
}
