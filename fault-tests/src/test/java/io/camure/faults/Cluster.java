package io.camure.faults;

import io.camure.faults.network.Namespaces;
import io.camure.faults.node.NodeProcess;
import io.camure.faults.node.NodeScenario;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** A coordinator and its members, each a process of its own, on loopback or each in a network namespace of its own. */
final class Cluster implements AutoCloseable {

    private static final int PORT = 7400;

    private final Namespaces namespaces;
    private final List<NodeProcess> processes = new ArrayList<>();
    private final String[] jvmOptions;
    private NodeScenario plan;

    private Cluster(Namespaces namespaces, String... jvmOptions) {
        this.namespaces = namespaces;
        this.jvmOptions = jvmOptions;
    }

    static Cluster onLoopback(int members) throws Exception {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        int port;
        try (DatagramSocket probe = new DatagramSocket(0, loopback)) {
            port = probe.getLocalPort();
        }
        return new Cluster(null).start(NodeScenario.quick(new InetSocketAddress(loopback, port), members));
    }

    static Cluster inNamespaces(int members) throws Exception {
        Cluster cluster = new Cluster(Namespaces.of(members + 1));
        return cluster.start(NodeScenario.quick(new InetSocketAddress(Namespaces.address(0), PORT), members));
    }

    /** The same, with one more namespace behind those of the members, for somebody who is not in the session. */
    static Cluster inNamespacesWithStranger(int members) throws Exception {
        Cluster cluster = new Cluster(Namespaces.of(members + 2));
        return cluster.start(NodeScenario.quick(new InetSocketAddress(Namespaces.address(0), PORT), members));
    }

    /** The same with IPv6. */
    static Cluster inNamespacesWithIpv6(int members) throws Exception {
        Namespaces namespaces = Namespaces.of(members + 1);
        namespaces.awaitCables();
        Cluster cluster = new Cluster(namespaces, "-Djava.net.preferIPv4Stack=false");
        return cluster.start(NodeScenario.quick(new InetSocketAddress(Namespaces.addressOfIpv6(0), PORT), members));
    }

    /** Only the processes: {@link #open} opens the session. */
    private Cluster start(NodeScenario quick) throws IOException {
        plan = quick;
        try {
            for (int i = 0; i <= quick.members(); i++) {
                processes.add(launch(i));
            }
            return this;
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Another process in the place of a node. */
    NodeProcess launch(int node) throws IOException {
        return NodeProcess.start(namespaces == null ? List.of() : namespaces.entering(node), jvmOptions);
    }

    /** Opens the session with the plan's timeouts, unless told otherwise by {@link #plan(NodeScenario)}. */
    Cluster open() throws Exception {
        NodeScenario agreed = plan;
        coordinator().run(node -> node.coordinate(agreed));
        for (int i = 1; i <= agreed.members(); i++) {
            member(i).run(node -> node.join(agreed));
        }
        coordinator().act(node -> node.awaitMembers(agreed.members()));
        return this;
    }

    Cluster plan(NodeScenario other) {
        plan = other;
        return this;
    }

    NodeScenario plan() {
        return plan;
    }

    Namespaces network() {
        return namespaces;
    }

    NodeProcess coordinator() {
        return processes.get(0);
    }

    /** @param number from 1 on */
    NodeProcess member(int number) {
        return processes.get(number);
    }

    /** Puts a process that was launched anew in the place of one that is gone; 0 is the coordinator. */
    void replace(int node, NodeProcess process) {
        processes.set(node, process);
    }

    @Override
    public void close() throws IOException {
        processes.forEach(NodeProcess::close);
        if (namespaces != null) {
            namespaces.close();
        }
    }
}
