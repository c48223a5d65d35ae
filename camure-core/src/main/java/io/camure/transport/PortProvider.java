package io.camure.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import org.jspecify.annotations.Nullable;

/**
 * A way to send and receive datagrams. Those for this machine's network, others than Java NIO, are found by
 * {@link java.util.ServiceLoader}. One for another network, such as one in memory, is given to a node's configuration, and
 * answers for itself what a node otherwise asks this machine. Thread-safe.
 */
public interface PortProvider {

    /** What it is called in settings and logs, such as {@code linux}. */
    String name();

    /** Why it does not work on this machine, for people; {@code null} when it does. Does not throw. */
    @Nullable
    String refusal();

    /**
     * The local address from which datagrams to {@code destination} leave.
     *
     * @throws IOException when there is no way to it
     */
    default InetAddress localAddressTowards(InetSocketAddress destination) throws IOException {
        return NetworkInterfaces.localAddressTowards(destination);
    }

    /**
     * Where group traffic of a node leaves and arrives.
     *
     * @param wanted an interface's name, an address that it has or a network that such an address is in; {@code null} for
     *     the interface that has the local address
     * @throws IOException when there is none; the message lists those that there are
     */
    default NetworkInterface networkInterface(@Nullable String wanted, InetAddress localAddress) throws IOException {
        return wanted == null ? NetworkInterfaces.owning(localAddress) : NetworkInterfaces.find(wanted);
    }

    /**
     * The longest packet that an interface sends in one piece, the headers of IP and UDP included, in bytes.
     *
     * @throws IOException when it does not tell
     */
    default int mtuBytes(NetworkInterface networkInterface) throws IOException {
        return networkInterface.getMTU();
    }

    /**
     * Finds out whether multicast can leave by an interface, without sending anything.
     *
     * @throws IOException when it can't
     */
    default void checkMulticastRoute(
            InetSocketAddress bindAddress, InetSocketAddress multicastAddress, NetworkInterface networkInterface)
            throws IOException {
        NioDatagramPort.checkMulticastRoute(bindAddress, multicastAddress, networkInterface);
    }

    /** What the threads of a node run on that is attached here: the system's, unless this is a simulation. */
    default Execution execution() {
        return SystemExecution.instance();
    }

    /**
     * Whether a port that is bound to a wildcard sends to a node from that of the machine's addresses to which the node has sent
     * last. Otherwise the kernel chooses the address, by the route.
     */
    default boolean answersFromAskedAddress() {
        return false;
    }

    /**
     * Binds a port.
     *
     * @param bindAddress with port 0 for a free one
     * @throws IOException when the address is taken or none of this machine's
     */
    DatagramPort open(InetSocketAddress bindAddress, PortOptions options) throws IOException;
}
