package io.camure.transport.linux;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Destinations as the kernel wants them, so that nothing is made for a datagram to a known one. */
final class DestinationAddresses {

    private static final int MAXIMUM_DESTINATIONS = 32768;

    private final Map<InetSocketAddress, Encoded> known = new HashMap<>();
    private final int interfaceIndex;
    private @Nullable InetSocketAddress last;
    private byte[] lastEncoded = {};

    /** @param scope of the address as it was given: Java takes addresses that differ only in it for equal */
    private record Encoded(byte[] bytes, int scope) {}

    DestinationAddresses(int interfaceIndex) {
        this.interfaceIndex = interfaceIndex;
    }

    /** @return {@code struct sockaddr}, or {@code null} for a name that was not resolved */
    byte @Nullable [] get(InetSocketAddress destination) {
        if (destination == last) {
            return lastEncoded;
        }
        InetAddress ip = destination.getAddress();
        if (ip == null) {
            return null;
        }
        Encoded encoded = known.get(destination);
        if (encoded == null || encoded.scope != SocketAddresses.scopeOf(ip)) {
            encoded = add(destination);
        }
        last = destination;
        lastEncoded = encoded.bytes;
        return encoded.bytes;
    }

    private Encoded add(InetSocketAddress destination) {
        if (known.size() == MAXIMUM_DESTINATIONS) {
            known.clear();
        }
        Encoded encoded = new Encoded(
                SocketAddresses.encode(destination, interfaceIndex), SocketAddresses.scopeOf(destination.getAddress()));
        known.put(destination, encoded);
        return encoded;
    }
}
