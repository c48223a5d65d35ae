package io.camure.doctor;

import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;

/** Which addresses are reached without a router. */
final class Subnets {

    private Subnets() {}

    /** Whether an address is in a network that an interface of this machine is in. */
    static boolean isNeighbour(InetAddress address) throws SocketException {
        if (address.isLoopbackAddress() || address.isLinkLocalAddress()) {
            return true;
        }
        List<NetworkInterface> all = NetworkInterface.networkInterfaces().toList();
        return all.stream()
                .flatMap(each -> each.getInterfaceAddresses().stream())
                .anyMatch(own -> contains(own, address));
    }

    private static boolean contains(InterfaceAddress own, InetAddress address) {
        byte[] ours = own.getAddress().getAddress();
        byte[] theirs = address.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < own.getNetworkPrefixLength(); bit++) {
            int mask = 0x80 >> (bit & 7);
            if ((ours[bit >> 3] & mask) != (theirs[bit >> 3] & mask)) {
                return false;
            }
        }
        return true;
    }
}
