package io.camure.faults.network;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Network namespaces, one for each node, with a virtual cable each to a bridge in one more. Closing removes them, and with
 * them what was set in them.
 */
public final class Namespaces implements AutoCloseable {

    private static final String DEVICE = "eth0";

    /** Where the nodes are. */
    public static final String NODES = "10.77.0.0/24";

    /** Where group traffic goes. */
    public static final String GROUPS = "224.0.0.0/4";

    public static final String ALL = "0.0.0.0/0";

    private static final AtomicInteger MADE = new AtomicInteger();
    private static final Pattern DROPS = Pattern.compile("clsact.*?dropped (\\d+),", Pattern.DOTALL);

    private final String prefix = "camure-" + ProcessHandle.current().pid() + "-" + MADE.incrementAndGet();
    private final List<String> names = new ArrayList<>();
    private final Thread remover = new Thread(this::removeAtExit);

    private Namespaces() {
        Runtime.getRuntime().addShutdownHook(remover);
    }

    public static Namespaces of(int nodes) throws IOException {
        Namespaces namespaces = new Namespaces();
        try {
            namespaces.make(nodes);
            return namespaces;
        } catch (IOException e) {
            namespaces.close();
            throw e;
        }
    }

    private void make(int nodes) throws IOException {
        String bridge = add("bridge");
        // Without snooping a bridge passes multicast to all, as a switch does that knows of no querier.
        Command.run("ip -n " + bridge + " link add bridge type bridge mcast_snooping 0");
        Command.run("ip -n " + bridge + " link set bridge up");
        for (int i = 0; i < nodes; i++) {
            String node = add(String.valueOf(i));
            Command.run("ip -n " + node + " link set lo up");
            Command.run("ip link add " + DEVICE + " netns " + node + " type veth peer name " + port(i) + " netns "
                    + bridge);
            // Split by the kernel at once, so that a filter drops datagrams and not whole runs.
            Command.run("ip -n " + node + " link set " + DEVICE + " gso_max_segs 1");
            Command.run("ip -n " + bridge + " link set " + port(i) + " master bridge up");
            Command.run("ip -n " + node + " address add " + address(i) + "/24 dev " + DEVICE);
            // No address of its own, which would be tried out for a second before it is used.
            Command.run("ip -n " + node + " link set " + DEVICE + " addrgenmode none");
            Command.run("ip -n " + node + " address add " + addressOfIpv6(i) + "/64 dev " + DEVICE + " nodad");
            Command.run("ip -n " + node + " link set " + DEVICE + " up");
            Command.run("tc -n " + node + " qdisc add dev " + DEVICE + " clsact");
            Command.run("tc -n " + bridge + " qdisc add dev " + port(i) + " clsact");
        }
    }

    /** Waits until the kernel has noticed all cables, which it looks for once a second: IPv6 is deaf and dumb before. */
    public void awaitCables() throws IOException {
        for (int i = 0; i + 1 < names.size(); i++) {
            while (!Command.run("ip -n " + name(i) + " link show " + DEVICE).contains("state UP")) {
                Thread.onSpinWait();
            }
        }
    }

    private String add(String suffix) throws IOException {
        String name = prefix + "-" + suffix;
        Command.run("ip netns add " + name);
        names.add(name);
        return name;
    }

    private static String port(int node) {
        return "port" + node;
    }

    private String name(int node) {
        return prefix + "-" + node;
    }

    private String bridge() {
        return prefix + "-bridge";
    }

    public static String address(int node) {
        return "10.77.0." + (node + 1);
    }

    /** The same of IPv6. */
    public static String addressOfIpv6(int node) {
        return "fd00:77::" + (node + 1);
    }

    /** Sets what a node's interface sends in one piece, the headers of IP and UDP included. */
    public void setMtu(int node, int bytes) throws IOException {
        Command.run("ip -n " + name(node) + " link set " + DEVICE + " mtu " + bytes);
    }

    /** Has the bridge lose what goes to a node and is longer, without a word. */
    public void setMtuAtBridge(int node, int bytes) throws IOException {
        Command.run("ip -n " + bridge() + " link set " + port(node) + " mtu " + bytes);
    }

    /** What a node's command line begins with. */
    public List<String> entering(int node) {
        return List.of("ip", "netns", "exec", name(node));
    }

    /** Has a node's own kernel drop of what arrives for it. */
    public void dropArriving(int node, PacketFilter filter) throws IOException {
        Command.run(
                "tc -n " + name(node) + " filter replace dev " + DEVICE
                        + " ingress handle 1 pref 1 bpf direct-action bytecode",
                filter.bytecode());
    }

    /** Has the bridge drop of what a node sends, and of what it is sent. */
    public void dropAtBridge(int node, PacketFilter filter) throws IOException {
        for (String direction : List.of("ingress", "egress")) {
            Command.run(
                    "tc -n " + bridge() + " filter replace dev " + port(node) + " " + direction
                            + " handle 1 pref 1 bpf direct-action bytecode",
                    filter.bytecode());
        }
    }

    /** How many packets {@link #dropArriving} has dropped. */
    public long droppedArriving(int node) throws IOException {
        return drops(Command.run("tc -n " + name(node) + " -s qdisc show dev " + DEVICE));
    }

    /** How many packets {@link #dropAtBridge} has dropped. */
    public long droppedAtBridge(int node) throws IOException {
        return drops(Command.run("tc -n " + bridge() + " -s qdisc show dev " + port(node)));
    }

    private static long drops(String statistics) {
        Matcher matcher = DROPS.matcher(statistics);
        if (!matcher.find()) {
            throw new IllegalStateException("no count of drops in: " + statistics);
        }
        return Long.parseLong(matcher.group(1));
    }

    /** How many datagrams a node's kernel has dropped since a socket's buffer was full. */
    public long droppedByFullBuffers(int node) throws IOException {
        String[] lines = Command.run("ip netns exec " + name(node) + " grep ^Udp: /proc/net/snmp")
                .split("\n");
        int column = List.of(lines[0].split(" ")).indexOf("RcvbufErrors");
        return Long.parseLong(lines[1].split(" ")[column]);
    }

    public void setInterface(int node, boolean up) throws IOException {
        Command.run("ip -n " + name(node) + " link set " + DEVICE + (up ? " up" : " down"));
    }

    /** Pulls a node's cable out of the bridge, or puts it back. */
    public void setCable(int node, boolean plugged) throws IOException {
        Command.run("ip -n " + bridge() + " link set " + port(node) + (plugged ? " up" : " down"));
    }

    /**
     * Lets a node send from addresses that are other nodes', or nobody's, without anything that is sent there coming to it. Meanwhile it
     * hears nothing from there, and can't send there.
     *
     * @param addresses in place of those that it was given so before
     */
    public void impersonate(int node, String... addresses) throws IOException {
        // Neither claims an address nor tells it when it asks for that of others.
        for (String setting : List.of("arp_ignore=1", "arp_announce=2")) {
            Command.run("ip netns exec " + name(node) + " sysctl -q -w net.ipv4.conf.all." + setting);
        }
        Command.run("ip -n " + name(node) + " address flush dev lo scope global");
        for (String address : addresses) {
            Command.run("ip -n " + name(node) + " address add " + address + "/32 dev lo");
        }
    }

    /** Gives a node one more address in the network of all. */
    public void addAddress(int node, String address) throws IOException {
        Command.run("ip -n " + name(node) + " address add " + address + "/24 dev " + DEVICE);
    }

    /**
     * Translates a node's address one to one, so that the others reach it at another one, which its own machine knows nothing of.
     *
     * @param destinations what it sends to which comes from that one, too, such as {@link #ALL}
     */
    public void translate(int node, String outside, String destinations) throws IOException {
        String inside = address(node);
        for (int other = 0; other < names.size() - 1; other++) {
            if (other != node) {
                Command.run("ip -n " + name(other) + " route add " + outside + "/32 via " + inside);
            }
        }
        String table = "ip camure-translation";
        Command.run(
                "ip netns exec " + name(node) + " nft",
                "add table " + table + "; add chain " + table + " in { type nat hook prerouting priority -100; };"
                        + " add rule " + table + " in ip daddr " + outside + " dnat to " + inside + ";"
                        + " add chain " + table + " out { type nat hook postrouting priority 100; };"
                        + " add rule " + table + " out ip saddr " + inside + " ip daddr " + destinations + " snat to "
                        + outside);
    }

    /** Whether {@link #translate} can be used here: it needs nftables. */
    public static boolean canTranslate() {
        try (Namespaces namespaces = of(1)) {
            namespaces.translate(0, "10.99.0.1", ALL);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Has the bridge lose in silence what is longer on its way to a node, or from there. */
    public void setBridgeMtu(int node, int bytes) throws IOException {
        Command.run("ip -n " + bridge() + " link set " + port(node) + " mtu " + bytes);
    }

    /** Gives a node one more interface, which leads nowhere. */
    public void addInterface(int node, String name, String address) throws IOException {
        Command.run("ip -n " + name(node) + " link add " + name + " type veth peer name " + name + "-end");
        Command.run("ip -n " + name(node) + " address add " + address + "/24 dev " + name);
        Command.run("ip -n " + name(node) + " link set " + name + " up");
        Command.run("ip -n " + name(node) + " link set " + name + "-end up");
    }

    /**
     * Puts a router between a node and all others, which passes unicast alone.
     *
     * @return the node's address, in a network of its own
     */
    public String putBehindRouter(int node) throws IOException {
        Command.run("ip -n " + bridge() + " link set " + port(node) + " nomaster");
        Command.run("ip -n " + bridge() + " address add 10.79.0.1/24 dev " + port(node));
        Command.run("ip -n " + bridge() + " address add 10.77.0.254/24 dev bridge");
        Command.run("ip netns exec " + bridge() + " sysctl -q -w net.ipv4.ip_forward=1");
        Command.run("ip -n " + name(node) + " address flush dev " + DEVICE);
        Command.run("ip -n " + name(node) + " address add 10.79.0.2/24 dev " + DEVICE);
        Command.run("ip -n " + name(node) + " route add default via 10.79.0.1");
        for (int other = 0; other < names.size() - 1; other++) {
            if (other != node) {
                Command.run("ip -n " + name(other) + " route add 10.79.0.0/24 via 10.77.0.254");
            }
        }
        return "10.79.0.2";
    }

    /** @param kind what {@code ip route} calls it: unreachable, prohibit, blackhole */
    public void addRoute(int node, String kind, String destination) throws IOException {
        Command.run("ip -n " + name(node) + " route add " + kind + " " + destination);
    }

    public void removeRoute(int node, String kind, String destination) throws IOException {
        Command.run("ip -n " + name(node) + " route delete " + kind + " " + destination);
    }

    /** Whether {@link #capture} can be used here: it needs tcpdump. */
    public static boolean canCapture() {
        try {
            Command.run("tcpdump --version");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Writes down all that passes the bridge, from now on, as somebody does who listens on the network. */
    public Capture capture(Path file) throws IOException {
        return Capture.begin(List.of("ip", "netns", "exec", bridge()), "bridge", file);
    }

    /** Whether {@link #refuseSending} can be used here: it needs nftables. */
    public static boolean canRefuseSending() {
        try {
            Command.run("nft --version");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Sets a firewall that lets no datagram of UDP out of a node: the kernel answers its sends with EPERM. */
    public void refuseSending(int node) throws IOException {
        Command.run(
                "ip netns exec " + name(node) + " nft",
                "add table ip camure; add chain ip camure out { type filter hook output priority 0; };"
                        + " add rule ip camure out meta l4proto udp drop");
    }

    public void allowSending(int node) throws IOException {
        Command.run("ip netns exec " + name(node) + " nft delete table ip camure");
    }

    /** Leaves a node's sockets no choice of their port, so that one that is started anew has the same address. */
    public void setOnlyFreePort(int node, int port) throws IOException {
        Command.run(
                "ip netns exec " + name(node) + " sysctl -q -w", "net.ipv4.ip_local_port_range=" + port + " " + port);
    }

    @Override
    public void close() throws IOException {
        Runtime.getRuntime().removeShutdownHook(remover);
        for (String name : names) {
            Command.run("ip netns delete " + name);
        }
    }

    private void removeAtExit() {
        for (String name : names) {
            try {
                Command.run("ip netns delete " + name);
            } catch (IOException e) {
                e.printStackTrace();
            }
        }
    }
}
