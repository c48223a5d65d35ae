package io.camure.protocol.base;

/**
 * How long datagrams of a session may be.
 *
 * @param mostBytes the longest one of all
 * @param unprovenBytes the longest one to a node of which it is not known that longer ones get to it
 * @param given whether the application has said so, so that IP may have to split them
 */
public record PathSizes(int mostBytes, int unprovenBytes, boolean given) {

    /** What gets through every network: the 576 bytes of RFC 1122 without the longest header of IPv4 and that of UDP. */
    public static final int LEAST_BYTES = 508;

    /** What Ethernet takes with IPv4. */
    public static final int ETHERNET_BYTES = 1472;

    /** Those of a session whose application has said how long they are. */
    public static PathSizes given(int bytes) {
        return new PathSizes(bytes, bytes, true);
    }

    /**
     * Those of a session whose datagrams may be as long as networks take them.
     *
     * @param mostBytes what the coordinator's network takes
     * @param unprovenBytes what the networks of nodes are expected to take
     */
    public static PathSizes upTo(int mostBytes, int unprovenBytes) {
        return new PathSizes(mostBytes, Math.min(mostBytes, unprovenBytes), false);
    }
}
