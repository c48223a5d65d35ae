package io.camure.benchmarks;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a node stands in its set.
 *
 * @param index 0 for the coordinator, 1…members for a member
 * @param port the first of {@link #PORTS} ports that the set has for itself
 * @param group the multicast address that the set has for itself
 * @param addresses of all nodes, by index
 * @param directory which the node may make for itself
 */
public record Place(int index, int port, InetAddress group, List<InetAddress> addresses, Path directory) {

    /** How many ports a set may use. */
    static final int PORTS = 20;

    public static Place parse(String index, String port, String group, String addresses, String directory)
            throws UnknownHostException {
        List<InetAddress> parsed = new ArrayList<>();
        for (String address : addresses.split(",", -1)) {
            parsed.add(InetAddress.getByName(address));
        }
        return new Place(
                Integer.parseInt(index),
                Integer.parseInt(port),
                InetAddress.getByName(group),
                parsed,
                Path.of(directory));
    }

    public boolean isCoordinator() {
        return index == 0;
    }

    public int members() {
        return addresses.size() - 1;
    }

    /** This node's address. */
    public InetAddress address() {
        return addresses.get(index);
    }

    /** This node's own socket address: on loopback all nodes share one IP address. */
    public InetSocketAddress ownSocket() {
        return socketOf(index);
    }

    public InetSocketAddress coordinatorSocket() {
        return socketOf(0);
    }

    public InetSocketAddress groupSocket() {
        return new InetSocketAddress(group, port + PORTS - 1);
    }

    /** Another one at the coordinator. */
    public InetSocketAddress groupControl() {
        return new InetSocketAddress(addresses.get(0), port + PORTS - 2);
    }

    public InetSocketAddress socketOf(int node) {
        return new InetSocketAddress(addresses.get(node), port + node);
    }

    public NetworkInterface networkInterface() throws SocketException {
        NetworkInterface found = NetworkInterface.getByInetAddress(address());
        if (found == null) {
            throw new SocketException(
                    "no network interface has the address " + address().getHostAddress());
        }
        return found;
    }
}
