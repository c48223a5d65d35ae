package io.camure.node;

import io.camure.CoordinatorConfig;
import io.camure.SessionStartException;
import io.camure.transport.NetworkInterfaces;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import org.jspecify.annotations.Nullable;

/**
 * The largest datagram of a session: as given, or else what the network takes in one piece.
 *
 * @param why where it comes from, for the log; empty when it was given
 * @param warning what is wrong with it, or {@code null}
 */
public record ChunkSize(int bytes, String why, @Nullable String warning) {

    /** What every network takes: the 576 bytes of RFC 1122 without the longest header of IPv4 and that of UDP. */
    private static final int LEAST_BYTES = 508;

    /** What Ethernet takes with IPv4. */
    private static final int ETHERNET_BYTES = 1472;

    /** Of IP, without options, and of UDP. */
    private static final int IPV4_HEADERS_BYTES = 28;

    private static final int IPV6_HEADERS_BYTES = 48;

    /** @throws SessionStartException when an interface does not tell its MTU */
    public static ChunkSize of(CoordinatorPlace place, CoordinatorConfig config) {
        try {
            return choose(place, config);
        } catch (IOException e) {
            throw new SessionStartException(config.name() + ": can't find out the MTU: " + e.getMessage(), e);
        }
    }

    private static ChunkSize choose(CoordinatorPlace place, CoordinatorConfig config) throws IOException {
        InetAddress bound = place.bindAddress().getAddress();
        NetworkInterface narrowest = place.networkInterface();
        int mtu = place.provider().mtuBytes(narrowest);
        boolean machine = config.network().isEmpty();
        if (machine && !bound.isAnyLocalAddress() && !NetworkInterfaces.has(narrowest, bound)) {
            // What is sent to one member leaves by another interface than group traffic.
            NetworkInterface own = NetworkInterfaces.owning(bound);
            int mtuOfOwn = place.provider().mtuBytes(own);
            narrowest = mtuOfOwn < mtu ? own : narrowest;
            mtu = Math.min(mtu, mtuOfOwn);
        }
        int fitting = mtu - headersBytes(bound);
        int given = config.chunkSize().orElse(0);
        int bytes = given > 0 ? given : Math.max(LEAST_BYTES, Math.min(ETHERNET_BYTES, fitting));
        String source = narrowest.getName() + " has an MTU of " + mtu;
        return new ChunkSize(bytes, given > 0 ? "" : source, bytes <= fitting ? null : warning(source, bytes, fitting));
    }

    private static int headersBytes(InetAddress address) {
        return address instanceof Inet6Address ? IPV6_HEADERS_BYTES : IPV4_HEADERS_BYTES;
    }

    private static String warning(String source, int bytes, int fitting) {
        return source + ", so that IP splits each datagram of " + bytes + " bytes (chunk-size,"
                + " camure.coordinator.chunk-size): it is lost with any of its parts, and without segmentation offload. "
                + (fitting < LEAST_BYTES
                        ? "Use a network interface with a larger MTU"
                        : "Set the chunk size to auto, or to at most " + fitting + " bytes");
    }

    /** For the log. */
    String describe() {
        return "chunks of " + bytes + " bytes" + (why.isEmpty() ? "" : " (" + why + ")");
    }
}
