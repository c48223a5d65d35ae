package io.camure.node;

import io.camure.transport.NetworkInterfaces;
import io.camure.transport.PortProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where a coordinator is reached when nobody has said it.
 *
 * @param why for the log
 * @param warning what may be wrong with it, or {@code null}
 */
record DefaultBindAddress(
        InetSocketAddress address, String why, @Nullable String warning) {

    static final int PORT = 7400;

    /** In which the specification of a pod is to put the pod's address. */
    static final String POD_VARIABLE = "POD_IP";

    private static final String BY_ROUTE = "the address with the default route";

    /** Addresses for documentation, at which nobody is: the way there is the default one. Nothing is sent. */
    private static final List<String> ELSEWHERE = List.of("192.0.2.1", "2001:db8::1");

    /**
     * Takes the address of the pod, else the one from which datagrams leave by default, else loopback.
     *
     * @param environment what a variable says, or {@code null}
     * @throws IOException when the variable has no address
     */
    static DefaultBindAddress choose(PortProvider provider, UnaryOperator<@Nullable String> environment)
            throws IOException {
        String pod = environment.apply(POD_VARIABLE);
        if (pod != null && !pod.isBlank()) {
            return new DefaultBindAddress(at(podAddress(pod.strip())), "as " + POD_VARIABLE + " says", null);
        }
        for (String elsewhere : ELSEWHERE) {
            InetAddress local = localAddressTowards(provider, elsewhere);
            if (local != null) {
                return new DefaultBindAddress(at(local), BY_ROUTE, null);
            }
        }
        return new DefaultBindAddress(
                at(InetAddress.getLoopbackAddress()),
                "loopback, as there is no default route",
                "only nodes on this machine can join, since it has no default route and bind-address"
                        + " (camure.coordinator.bind-address) is not set");
    }

    /**
     * By which most datagrams leave that are sent from a wildcard address: the interface of the default route, else one that is
     * up, and loopback if there is nothing else.
     *
     * @param machine whether it is one of this machine, and not of another network
     */
    static NetworkInterface networkInterface(PortProvider provider, boolean machine, InetAddress wildcard)
            throws IOException {
        for (String elsewhere : ELSEWHERE) {
            InetAddress local = localAddressTowards(provider, elsewhere);
            if (local != null && local.getClass() == wildcard.getClass()) {
                return provider.networkInterface(null, local);
            }
        }
        List<NetworkInterface> candidates = machine ? NetworkInterfaces.withAddressLike(wildcard) : List.of();
        for (NetworkInterface candidate : candidates) {
            if (!candidate.isLoopback()) {
                return candidate;
            }
        }
        return provider.networkInterface(null, InetAddress.getLoopbackAddress());
    }

    private static InetAddress podAddress(String text) throws IOException {
        if (!NetworkInterfaces.isLiteral(text)) {
            throw new IOException("the environment variable " + POD_VARIABLE + " is \"" + text
                    + "\": it must be the address of the pod, or bind-address must be set");
        }
        return InetAddress.getByName(text);
    }

    private static @Nullable InetAddress localAddressTowards(PortProvider provider, String elsewhere) {
        try {
            InetAddress local = provider.localAddressTowards(new InetSocketAddress(elsewhere, PORT));
            return local.isAnyLocalAddress() || local.isLoopbackAddress() ? null : local;
        } catch (IOException | UnsupportedAddressTypeException e) {
            // The latter where Java has no IPv6.
            return null;
        }
    }

    /** Whether it might have been another one of this machine. */
    boolean isByRoute() {
        return why.equals(BY_ROUTE);
    }

    private static InetSocketAddress at(InetAddress address) {
        return new InetSocketAddress(address, PORT);
    }
}
