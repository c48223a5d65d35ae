package io.camure.node.session;

import io.camure.Transport;
import io.camure.transport.DatagramPort;
import io.camure.transport.Execution;
import io.camure.transport.PortProvider;
import io.camure.transport.PortProviders;
import io.camure.transport.SystemExecution;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** What a node's configuration says of its network, in the terms of the packages below. */
public final class Ports {

    private Ports() {}

    /**
     * @param network what the node is attached to instead of this machine's network
     * @throws IOException when the one that is asked for does not work here; the message says why
     */
    public static PortProvider provider(Optional<PortProvider> network, Transport transport) throws IOException {
        if (network.isPresent()) {
            return network.get();
        }
        return switch (transport) {
            case AUTO -> PortProviders.fastest();
            case NIO -> PortProviders.nio();
            case LINUX -> PortProviders.named(transport.name().toLowerCase(Locale.ROOT));
        };
    }

    /** What the threads of a node run on, also before it has a port. */
    public static Execution execution(Optional<PortProvider> network) {
        return network.map(PortProvider::execution).orElseGet(SystemExecution::instance);
    }

    /** Closes a port since something behind its opening has failed. */
    public static void closeAfter(Throwable failure, DatagramPort port) {
        try {
            port.close();
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
