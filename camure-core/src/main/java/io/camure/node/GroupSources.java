package io.camure.node;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From where group traffic reaches members: what a coordinator tells them, since it may not be where they have asked. */
final class GroupSources {

    private GroupSources() {}

    /**
     * The address that is advertised, then the one that the coordinator is bound to, or all that the kernel may take in place of
     * a wildcard.
     *
     * @param advertised {@code null} for none; port 0 stands for that of the coordinator
     */
    static List<InetSocketAddress> of(
            @Nullable InetSocketAddress advertised, InetSocketAddress bound, NetworkInterface networkInterface) {
        List<InetSocketAddress> sources = new ArrayList<>();
        if (advertised != null) {
            sources.add(withPort(advertised, bound));
        }
        if (bound.getAddress().isAnyLocalAddress()) {
            Class<? extends InetAddress> version = bound.getAddress().getClass();
            networkInterface
                    .inetAddresses()
                    .filter(version::isInstance)
                    .map(address -> new InetSocketAddress(address, bound.getPort()))
                    .forEach(sources::add);
        } else {
            sources.add(bound);
        }
        return sources.stream().distinct().toList();
    }

    static InetSocketAddress withPort(InetSocketAddress advertised, InetSocketAddress bound) {
        return advertised.getPort() == 0 ? new InetSocketAddress(advertised.getAddress(), bound.getPort()) : advertised;
    }
}
