package io.camure.simulation;

import io.camure.test.CamureTestHost;
import io.camure.transport.DatagramPort;
import io.camure.transport.Execution;
import io.camure.transport.PortOptions;
import io.camure.transport.PortProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;

/** A host of the network in memory as one process sees it, whose ports go with the process. */
final class SimulatedHost implements PortProvider {

    private final CamureTestHost host;
    private final long pollNanos;
    private final SeededProcess process;
    private final Trace trace;
    private final List<DatagramPort> ports = new ArrayList<>();

    SimulatedHost(CamureTestHost host, long pollNanos, SeededProcess process, Trace trace) {
        this.pollNanos = pollNanos;
        this.host = host;
        this.process = process;
        this.trace = trace;
    }

    @Override
    public String name() {
        return host.name();
    }

    @Override
    public String refusal() {
        return host.refusal();
    }

    @Override
    public InetAddress localAddressTowards(InetSocketAddress destination) {
        return host.localAddressTowards(destination);
    }

    @Override
    public NetworkInterface networkInterface(String wanted, InetAddress localAddress) throws IOException {
        return host.networkInterface(wanted, localAddress);
    }

    @Override
    public int mtuBytes(NetworkInterface networkInterface) {
        return host.mtuBytes(networkInterface);
    }

    @Override
    public void checkMulticastRoute(
            InetSocketAddress bindAddress, InetSocketAddress multicastAddress, NetworkInterface networkInterface) {
        host.checkMulticastRoute(bindAddress, multicastAddress, networkInterface);
    }

    @Override
    public Execution execution() {
        return process;
    }

    @Override
    public DatagramPort open(InetSocketAddress bindAddress, PortOptions options) throws IOException {
        SimulatedPort port = new SimulatedPort(host.open(bindAddress, options), pollNanos, process, trace);
        ports.add(port);
        return port;
    }

    /** What the system does when a process is gone. */
    void closePorts() throws IOException {
        for (DatagramPort port : ports) {
            port.close();
        }
    }
}
