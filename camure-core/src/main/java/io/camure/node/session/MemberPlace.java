package io.camure.node.session;

import io.camure.MemberConfig;
import io.camure.protocol.base.Format;
import io.camure.transport.DatagramPort;
import io.camure.transport.NetworkInterfaces;
import io.camure.transport.PortOptions;
import io.camure.transport.PortProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;

/**
 * Where a member sends from, where group traffic arrives at it, and by what.
 *
 * @param isOfMachine whether that is in this machine's network, and not in one in memory
 * @param local the address from which datagrams to the coordinator leave
 */
public record MemberPlace(PortProvider provider, boolean isOfMachine, InetAddress local, PortOptions options) {

    /** @throws IOException when the coordinator can't be reached for from this machine, or not by what is configured */
    public static MemberPlace towards(InetSocketAddress coordinatorAddress, MemberConfig config) throws IOException {
        if (coordinatorAddress.isUnresolved()) {
            throw new IOException(Format.address(coordinatorAddress) + ": the host name can't be resolved");
        }
        PortProvider provider = Ports.provider(config.network(), config.transport());
        InetAddress local = provider.localAddressTowards(coordinatorAddress);
        NetworkInterface networkInterface =
                provider.networkInterface(config.networkInterface().orElse(null), local);
        return new MemberPlace(
                provider,
                config.network().isEmpty(),
                local,
                new PortOptions(networkInterface, 1, config.sendBuffer(), config.receiveBuffer()));
    }

    /** The network interface by which group traffic arrives. */
    public NetworkInterface networkInterface() {
        return options.networkInterface();
    }

    /** Whether that is another one than the coordinator is reached by. */
    public boolean isSplit() {
        return isOfMachine && !local.isLoopbackAddress() && !NetworkInterfaces.has(networkInterface(), local);
    }

    /** Opens the port of a node that is in no session yet. */
    public DatagramPort open() throws IOException {
        return provider.open(new InetSocketAddress(local, 0), options);
    }
}
