package io.camure.test;

import io.camure.transport.Execution;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/** What is between the hosts: it knows their addresses, and who reaches whom. */
final class TestFabric {

    private static final int NETWORK_PREFIX = 10 << 24 | 74 << 16;

    private final Execution execution;
    private final long seed;
    private final DatagramCounters counters = new DatagramCounters();
    private final DelayedArrivals underWay;
    private final Map<String, CamureTestHost> hosts = new ConcurrentHashMap<>();
    private final Map<InetAddress, CamureTestHost> hostsByAddress = new ConcurrentHashMap<>();

    /** Carries nothing; hosts to come have the same faults. */
    private final CamureTestLink everywhere;

    private volatile Set<String> cutOff = Set.of();

    TestFabric(Execution execution, long seed) {
        this.execution = execution;
        this.seed = seed;
        underWay = new DelayedArrivals(execution);
        everywhere = link("everywhere");
    }

    Execution execution() {
        return execution;
    }

    CamureTestHost host(String name) {
        CamureTestHost known = hosts.get(name);
        return known != null ? known : newHost(name);
    }

    private synchronized CamureTestHost newHost(String name) {
        return hosts.computeIfAbsent(name, absent -> {
            InetAddress address = address(name, NETWORK_PREFIX + hosts.size() + 1);
            CamureTestLink incoming = link(name + " incoming");
            incoming.imitate(everywhere);
            CamureTestHost host = new CamureTestHost(this, name, address, link(name + " outgoing"), incoming);
            hostsByAddress.put(address, host);
            return host;
        });
    }

    static InetAddress address(String name, int bits) {
        byte[] bytes = {(byte) (bits >> 24), (byte) (bits >> 16), (byte) (bits >> 8), (byte) bits};
        try {
            // With a name, so that errors show whom they mean.
            return InetAddress.getByAddress(name, bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private CamureTestLink link(String name) {
        CRC32 hash = new CRC32();
        hash.update(name.getBytes(StandardCharsets.UTF_8));
        return new CamureTestLink(seed * 31 + hash.getValue(), underWay, counters);
    }

    synchronized void everywhere(Consumer<CamureTestLink> change) {
        hosts.values().forEach(host -> change.accept(host.incoming()));
        change.accept(everywhere);
    }

    void cutOff(Set<String> hostNames) {
        cutOff = hostNames;
    }

    synchronized void repair() {
        cutOff = Set.of();
        everywhere.repair();
        hosts.values().forEach(host -> {
            host.outgoing().repair();
            host.incoming().repair();
            host.connect();
            host.admitMulticast();
            host.resume();
        });
    }

    CamureTestNetwork.Datagrams datagrams() {
        return counters.snapshot();
    }

    /** Loses what is under way. */
    void close() {
        underWay.close();
    }

    void route(CamureTestHost from, InetSocketAddress source, byte[] content, InetSocketAddress destination) {
        if (destination.getAddress().isMulticastAddress()) {
            hosts.values().forEach(to -> to.deliver(from, source, content, destination));
        } else {
            CamureTestHost to = hostsByAddress.get(destination.getAddress());
            if (to != null) {
                to.deliver(from, source, content, destination);
            }
        }
    }

    void arrive(CamureTestHost from, InMemoryPort port, InetSocketAddress source, byte[] content, boolean toGroup) {
        if (!reaches(from, port.host()) || toGroup && port.host().isMulticastBlocked()) {
            counters.cut.increment();
        } else if (port.arrive(source, content, toGroup)) {
            counters.delivered.increment();
        } else {
            counters.overflowed.increment();
        }
    }

    private boolean reaches(CamureTestHost from, CamureTestHost to) {
        return from.equals(to)
                || !from.isDisconnected()
                        && !to.isDisconnected()
                        && cutOff.contains(from.hostName()) == cutOff.contains(to.hostName());
    }
}
