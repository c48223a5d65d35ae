package io.camure.wire;

import java.net.InetSocketAddress;

/**
 * Which node is meant.
 *
 * @param name what the node calls itself, fit to be printed; empty when it does not say, as legacy peers don't
 * @param address where it is in the session
 * @param incarnation tells it from others at its address; 0 when that is not known
 */
public record NodeIdentity(String name, InetSocketAddress address, long incarnation) {

    /** The most bytes of a name on the wire, in UTF-8. */
    public static final int NAME_BYTES = 64;

    /** A node of which only the address is known. */
    public static NodeIdentity at(InetSocketAddress address) {
        return new NodeIdentity("", address, 0);
    }
}
