package io.camure.doctor;

import io.camure.protocol.base.PathSizes;
import java.net.Inet6Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What it means which lengths of datagrams pass, and what to do about it.
 *
 * @param at the node that it was tried with
 * @param address of that node
 * @param chunkBytes the longest datagram of the session
 * @param adapts whether the session finds out by itself what passes, and sends nothing longer there
 * @param withoutMulticast how bad it is when chunks don't pass by multicast
 */
record SizesRung(String at, InetAddress address, int chunkBytes, boolean adapts, Status withoutMulticast) {

    private static final String NAME = "sizes";
    private static final int IPV6_MORE_BYTES = 20;

    /**
     * @param found what was seen, as sentences
     * @param unicast the longest datagram that passes by unicast, 0 for none
     * @param byMulticast the same by multicast; {@code null} when nothing is heard by it, or that was not tried
     */
    Rung of(String found, int unicast, @Nullable Integer byMulticast) {
        int fitting = byMulticast == null ? unicast : Math.min(unicast, byMulticast);
        if (fitting >= chunkBytes) {
            return Rung.green(NAME, at, found);
        } else if (!adapts || fitting < Passage.SMALLEST_BYTES) {
            return tooLong(found, unicast, fitting);
        } else if (fitting >= ethernetBytes()) {
            return Rung.green(
                    NAME, at, found + " Its groups have longer ones than " + fitting + " only without this node.");
        }
        return new Rung(
                NAME,
                at,
                Status.AMBER,
                found + " The session finds that out by itself and sends nothing longer than " + fitting
                        + " bytes to the groups of this node, after about half a second in which they wait for it.",
                "Nothing has to be done; to save that time, raise the MTU on the way, or set chunk-size"
                        + " (camure.coordinator.chunk-size) to " + fitting + "B or less.",
                command());
    }

    private Rung tooLong(String found, int unicast, int fitting) {
        boolean lost = unicast < (adapts ? Passage.SMALLEST_BYTES : chunkBytes);
        return new Rung(
                NAME,
                at,
                lost ? Status.RED : withoutMulticast,
                found,
                fitting >= Passage.SMALLEST_BYTES
                        ? "Set chunk-size (camure.coordinator.chunk-size) to " + fitting
                                + "B or less, or raise the MTU on the way."
                        : "Raise the MTU on the way: a chunk has at least " + Passage.SMALLEST_BYTES + " bytes.",
                command());
    }

    /** What a session that adapts begins with. */
    private int ethernetBytes() {
        return PathSizes.ETHERNET_BYTES - (address instanceof Inet6Address ? IPV6_MORE_BYTES : 0);
    }

    private String command() {
        return "tracepath -n " + address.getHostAddress();
    }
}
