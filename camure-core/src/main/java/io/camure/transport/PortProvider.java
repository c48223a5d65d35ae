package io.camure.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A way to send and receive datagrams. Others than Java NIO are found by {@link java.util.ServiceLoader}. */
public interface PortProvider {

    /** What it is called in settings and logs, such as {@code linux}. */
    String name();

    /** Why it does not work on this machine, for people; {@code null} when it does. Does not throw. */
    @Nullable
    String refusal();

    /** Binds a port. */
    DatagramPort open(InetSocketAddress bindAddress, PortOptions options) throws IOException;
}
