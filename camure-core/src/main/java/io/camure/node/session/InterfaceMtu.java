package io.camure.node.session;

import io.camure.transport.NetworkInterfaces;
import io.camure.transport.PortProvider;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;

/**
 * What a node's network interface takes in one piece.
 *
 * @param name of the interface; of two by which datagrams leave or arrive, the one that takes less
 * @param bytes the longest packet
 * @param datagramBytes the longest datagram: without the headers of IP, as far as it has no options, and of UDP
 */
public record InterfaceMtu(String name, int bytes, int datagramBytes) {

    private static final int IPV4_HEADERS_BYTES = 28;
    private static final int IPV6_HEADERS_BYTES = 48;

    /**
     * @param machine whether it is one of this machine, and not of another network
     * @param local the address of the node there
     * @throws IOException when an interface does not tell
     */
    public static InterfaceMtu of(
            PortProvider provider, boolean machine, NetworkInterface networkInterface, InetAddress local)
            throws IOException {
        NetworkInterface narrowest = networkInterface;
        int bytes = provider.mtuBytes(networkInterface);
        if (machine && !local.isAnyLocalAddress() && !NetworkInterfaces.has(networkInterface, local)) {
            // What goes to or comes for one node alone takes another interface than group traffic.
            NetworkInterface own = NetworkInterfaces.owning(local);
            int bytesOfOwn = provider.mtuBytes(own);
            narrowest = bytesOfOwn < bytes ? own : narrowest;
            bytes = Math.min(bytes, bytesOfOwn);
        }
        int headersBytes = local instanceof Inet6Address ? IPV6_HEADERS_BYTES : IPV4_HEADERS_BYTES;
        return new InterfaceMtu(narrowest.getName(), bytes, bytes - headersBytes);
    }

    @Override
    public String toString() {
        return name + " has an MTU of " + bytes;
    }
}
