package io.camure.node;

import io.camure.CoordinatorConfig;
import io.camure.SessionStartException;
import io.camure.node.session.InterfaceMtu;
import io.camure.protocol.base.PathSizes;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * How long the datagrams of a session are: as given, or else what the network takes in one piece.
 *
 * @param why where that comes from, for the log; empty when it was given
 * @param warning what is wrong with it, or {@code null}
 */
public record ChunkSize(
        PathSizes sizes, String why, @Nullable String warning) {

    private static final int ETHERNET_MTU_BYTES = 1500;

    /** The longest MTU of Ethernet's jumbo frames. What is more, as on loopback, says nothing of a network. */
    private static final int JUMBO_MTU_BYTES = 9216;

    /** @throws SessionStartException when an interface does not tell its MTU */
    public static ChunkSize of(CoordinatorPlace place, CoordinatorConfig config) {
        try {
            InterfaceMtu mtu = InterfaceMtu.of(
                    place.provider(),
                    config.network().isEmpty(),
                    place.networkInterface(),
                    place.bindAddress().getAddress());
            return choose(mtu, config.chunkSize().orElse(0));
        } catch (IOException e) {
            throw new SessionStartException(config.name() + ": can't find out the MTU: " + e.getMessage(), e);
        }
    }

    private static ChunkSize choose(InterfaceMtu mtu, int given) {
        if (given > 0) {
            return new ChunkSize(PathSizes.given(given), "", warning(mtu, given));
        }
        boolean loopback = mtu.bytes() > JUMBO_MTU_BYTES;
        int most = loopback ? PathSizes.ETHERNET_BYTES : Math.max(PathSizes.LEAST_BYTES, mtu.datagramBytes());
        int headersBytes = mtu.bytes() - mtu.datagramBytes();
        PathSizes sizes = PathSizes.upTo(most, loopback ? most : ETHERNET_MTU_BYTES - headersBytes);
        return new ChunkSize(sizes, mtu.toString(), warning(mtu, sizes.unprovenBytes()));
    }

    private static @Nullable String warning(InterfaceMtu mtu, int bytes) {
        if (bytes <= mtu.datagramBytes()) {
            return null;
        }
        return mtu + ", so that IP splits each datagram of " + bytes + " bytes (chunk-size,"
                + " camure.coordinator.chunk-size): it is lost with any of its parts, and without segmentation offload. "
                + (mtu.datagramBytes() < PathSizes.LEAST_BYTES
                        ? "Use a network interface with a larger MTU"
                        : "Set the chunk size to auto, or to at most " + mtu.datagramBytes() + " bytes");
    }

    /** For the log. */
    String describe() {
        boolean more = sizes.mostBytes() > sizes.unprovenBytes();
        return "chunks of " + sizes.unprovenBytes() + " bytes"
                + (more ? ", up to " + sizes.mostBytes() + " where these get to all members of a group" : "")
                + (why.isEmpty() ? "" : " (" + why + ")");
    }
}
