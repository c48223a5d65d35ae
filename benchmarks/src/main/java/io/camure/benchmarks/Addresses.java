package io.camure.benchmarks;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the nodes of a set are; each set has ports and a group of its own, so that what is left of one does not reach the
 * next.
 *
 * @param port the first of its ports
 * @param group its multicast address
 * @param nodes the address of each node, by index
 */
record Addresses(int port, String group, List<String> nodes) {

    private static final int FIRST_PORT = 20_000;
    private static final int PORT_RANGES = 400;

    /** In the last byte of a multicast address: Aeron needs an odd one, and uses the one that follows. */
    private static final int ODD_NUMBERS = 100;

    private static int sets;

    static Addresses next(Network network, int size) throws CellFailure {
        int range = sets++ % PORT_RANGES;
        List<String> nodes = new ArrayList<>();
        try {
            for (InetAddress address : network.addresses(size)) {
                nodes.add(address.getHostAddress());
            }
        } catch (UnknownHostException e) {
            throw new CellFailure("no addresses for the nodes", e);
        }
        String group = "239.255." + (75 + range / ODD_NUMBERS) + "." + (1 + 2 * (range % ODD_NUMBERS));
        return new Addresses(FIRST_PORT + range * Place.PORTS, group, nodes);
    }
}
