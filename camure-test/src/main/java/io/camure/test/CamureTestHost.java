package io.camure.test;

import io.camure.transport.DatagramPort;
import io.camure.transport.Execution;
import io.camure.transport.PortOptions;
import io.camure.transport.PortProvider;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A machine of a {@link CamureTestNetwork}: a name, an IPv4 address of its own, a cable with two directions. A node runs on it
 * by {@code CoordinatorConfig.builder().network(host)} or {@code MemberConfig.builder().network(host)}. Thread-safe.
 */
public final class CamureTestHost implements PortProvider {

    private static final int FIRST_FREE_PORT = 49152;
    private static final int LAST_PORT = 65535;
    private static final int ETHERNET_MTU_BYTES = 1500;

    /** What Linux gives unless asked, as it counts. */
    private static final int DEFAULT_RECEIVE_BUFFER_BYTES = 212_992;

    private final TestFabric fabric;
    private final String name;
    private final InetAddress address;
    private final CamureTestLink outgoing;
    private final CamureTestLink incoming;
    private final Map<Integer, InMemoryPort> ports = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    /** Those that wait until this host is not paused any more. */
    private final Set<Thread> stopped = ConcurrentHashMap.newKeySet();

    private int nextFreePort = FIRST_FREE_PORT;
    private volatile boolean paused;
    private volatile boolean disconnected;
    private volatile boolean multicastBlocked;

    CamureTestHost(
            TestFabric fabric, String name, InetAddress address, CamureTestLink outgoing, CamureTestLink incoming) {
        this.fabric = fabric;
        this.name = name;
        this.address = address;
        this.outgoing = outgoing;
        this.incoming = incoming;
    }

    /** What {@code transport()} of a node says: {@code memory}. */
    @Override
    public String name() {
        return "memory";
    }

    /** The host's name in its network. */
    public String hostName() {
        return name;
    }

    /** The host's only address. */
    public InetAddress address() {
        return address;
    }

    /** The direction in which this host sends: what happens to group traffic here happens to it for all receivers alike. */
    public CamureTestLink outgoing() {
        return outgoing;
    }

    /** The direction in which this host receives. */
    public CamureTestLink incoming() {
        return incoming;
    }

    /** Pulls the cable: nothing leaves and nothing arrives until {@link #connect}. */
    public void disconnect() {
        disconnected = true;
    }

    /** Plugs the cable in again. */
    public void connect() {
        disconnected = false;
    }

    boolean isDisconnected() {
        return disconnected;
    }

    /** Has no group traffic get here, as behind a switch that does not forward multicast, until {@link #admitMulticast}. */
    public void blockMulticast() {
        multicastBlocked = true;
    }

    /** Has group traffic get here again. */
    public void admitMulticast() {
        multicastBlocked = false;
    }

    boolean isMulticastBlocked() {
        return multicastBlocked;
    }

    /**
     * Stops the host's nodes as a debugger, a long garbage collection or {@code SIGSTOP} stops a process: they do nothing until
     * {@link #resume}, and what arrives meanwhile waits in their receive buffers. Calls of such a node wait, too, unless
     * their thread is interrupted.
     */
    public void pause() {
        paused = true;
    }

    /** Lets the nodes go on. */
    public void resume() {
        paused = false;
        stopped.forEach(execution()::unpark);
    }

    boolean isPaused() {
        return paused;
    }

    /** Waits while the host is paused. */
    void awaitRunning() {
        if (!paused) {
            return;
        }
        Thread self = Thread.currentThread();
        stopped.add(self);
        while (paused && !self.isInterrupted()) {
            execution().park(this);
        }
        stopped.remove(self);
    }

    @Override
    public Execution execution() {
        return fabric.execution();
    }

    @Override
    public @Nullable String refusal() {
        return null;
    }

    @Override
    public InetAddress localAddressTowards(InetSocketAddress destination) {
        return address;
    }

    /** Stands for the only interface of this host, whatever is wanted. */
    @Override
    public NetworkInterface networkInterface(@Nullable String wanted, InetAddress localAddress) throws IOException {
        return NetworkInterface.networkInterfaces()
                .findFirst()
                .orElseThrow(() -> new IOException("this machine has no network interface, not even for loopback"));
    }

    /** That of Ethernet, whatever this machine's interfaces have. */
    @Override
    public int mtuBytes(NetworkInterface networkInterface) {
        return ETHERNET_MTU_BYTES;
    }

    @Override
    public void checkMulticastRoute(
            InetSocketAddress bindAddress, InetSocketAddress multicastAddress, NetworkInterface networkInterface) {
        // There always is one.
    }

    /** @throws BindException when the address is not this host's, or its port is taken */
    @Override
    public DatagramPort open(InetSocketAddress bindAddress, PortOptions options) throws BindException {
        InetAddress wanted = bindAddress.getAddress();
        if (!wanted.equals(address) && !wanted.isAnyLocalAddress()) {
            throw new BindException(
                    "host " + name + " of the test network has the address " + address.getHostAddress() + " only");
        }
        int asked = options.receiveBufferBytes();
        int granted = asked > 0 ? 2 * Math.min(asked, Integer.MAX_VALUE / 2) : DEFAULT_RECEIVE_BUFFER_BYTES;
        lock.lock();
        try {
            int number = bindAddress.getPort() == 0 ? freePort() : bindAddress.getPort();
            InMemoryPort port = new InMemoryPort(this, new InetSocketAddress(address, number), granted);
            if (ports.putIfAbsent(number, port) != null) {
                throw new BindException("port " + number + " of host " + name + " is taken");
            }
            return port;
        } finally {
            lock.unlock();
        }
    }

    /** Ports are used in turn, so that a node that comes back has another one than before. */
    private int freePort() throws BindException {
        for (int i = FIRST_FREE_PORT; i <= LAST_PORT; i++) {
            int candidate = nextFreePort;
            nextFreePort = candidate == LAST_PORT ? FIRST_FREE_PORT : candidate + 1;
            if (!ports.containsKey(candidate)) {
                return candidate;
            }
        }
        throw new BindException("host " + name + " has no free port");
    }

    void release(InMemoryPort port) {
        ports.remove(port.localAddress().getPort(), port);
    }

    void transmit(InetSocketAddress source, byte[] content, InetSocketAddress destination) {
        outgoing.transmit(content.length, () -> fabric.route(this, source, content, destination));
    }

    /** What has come through the network up to this host. */
    void deliver(CamureTestHost from, InetSocketAddress source, byte[] content, InetSocketAddress destination) {
        boolean toGroup = destination.getAddress().isMulticastAddress();
        if (!toGroup) {
            InMemoryPort port = ports.get(destination.getPort());
            if (port != null) {
                incoming.transmit(content.length, () -> fabric.arrive(from, port, source, content, false));
            }
        } else if (ports.values().stream().anyMatch(port -> port.hears(destination))) {
            // Once for the host, as group traffic comes once by its cable.
            incoming.transmit(
                    content.length,
                    () -> ports.values().stream()
                            .filter(port -> port.hears(destination))
                            .forEach(port -> fabric.arrive(from, port, source, content, true)));
        }
    }

    @Override
    public String toString() {
        return name + " (" + address.getHostAddress() + ")";
    }
}
