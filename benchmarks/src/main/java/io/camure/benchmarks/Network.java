package io.camure.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What joins the nodes: for each a network namespace with one end of a virtual cable whose other end is at a bridge, in a
 * namespace of its own; or loopback. {@code ./bench} removes the namespaces by their prefix.
 */
public final class Network {

    private static final String DEVICE = "eth0";

    private final String prefix;
    private final int mtuBytes;
    private int deafMembers;

    private Network(String prefix, int mtuBytes) {
        this.prefix = prefix;
        this.mtuBytes = mtuBytes;
    }

    static Network loopback() {
        return new Network("", 0);
    }

    /**
     * Makes namespaces for so many nodes; they are named prefix-bridge and prefix-0, prefix-1, …
     *
     * @param mtuBytes of all cables
     */
    static Network namespaces(String prefix, int nodes, int mtuBytes) throws IOException, InterruptedException {
        String bridge = prefix + "-bridge";
        ip("netns add " + bridge);
        // Without snooping a bridge passes multicast to all, as a switch does that knows of no querier.
        ip("-n " + bridge + " link add bridge type bridge mcast_snooping 0");
        ip("-n " + bridge + " link set bridge up");
        for (int i = 0; i < nodes; i++) {
            String node = prefix + "-" + i;
            ip("netns add " + node);
            ip("-n " + node + " link set lo up");
            ip("link add " + DEVICE + " netns " + node + " type veth peer name port" + i + " netns " + bridge);
            ip("-n " + bridge + " link set port" + i + " master bridge mtu " + mtuBytes + " up");
            ip("-n " + node + " address add " + address(i) + "/24 dev " + DEVICE);
            ip("-n " + node + " link set " + DEVICE + " mtu " + mtuBytes + " up");
            ip("-n " + node + " route add 224.0.0.0/4 dev " + DEVICE);
        }
        return new Network(prefix, mtuBytes);
    }

    /**
     * Has nothing by multicast get to so many members, the first ones, and everything to all others.
     *
     * @throws CellFailure on loopback, where that can't be had
     */
    void deafen(int members) throws CellFailure, InterruptedException {
        if (members > 0 && isLoopback()) {
            throw new CellFailure("nobody can be made deaf on loopback, only root's namespaces");
        }
        try {
            for (int i = 1; i <= Math.max(members, deafMembers); i++) {
                ip("-n " + prefix + "-bridge link set port" + i + " type bridge_slave mcast_flood "
                        + (i <= members ? "off" : "on"));
            }
        } catch (IOException e) {
            throw new CellFailure(String.valueOf(e.getMessage()), e);
        }
        deafMembers = members;
    }

    boolean isLoopback() {
        return prefix.isEmpty();
    }

    List<InetAddress> addresses(int nodes) throws UnknownHostException {
        if (isLoopback()) {
            return Collections.nCopies(nodes, InetAddress.getByName("127.0.0.1"));
        }
        List<InetAddress> addresses = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            addresses.add(InetAddress.getByName(address(i)));
        }
        return addresses;
    }

    /** What a node's command line begins with. */
    List<String> entering(int node) {
        return isLoopback() ? List.of() : List.of("ip", "netns", "exec", prefix + "-" + node);
    }

    /** What all addresses have in common. */
    String subnet() {
        return isLoopback() ? "127.0.0.0/8" : "10.77.0.0/24";
    }

    public String description() {
        return isLoopback()
                ? "on loopback"
                : "each node in a network namespace of its own, joined by veth pairs and a bridge (MTU " + mtuBytes
                        + ")";
    }

    private static String address(int node) {
        return "10.77.0." + (node + 1);
    }

    private static void ip(String arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments.split(" ")));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("'ip " + arguments + "' has failed: " + output.strip());
        }
    }
}
