package io.camure.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Java NIO. */
final class NioPortProvider implements PortProvider {

    @Override
    public String name() {
        return "nio";
    }

    @Override
    public @Nullable String refusal() {
        return null;
    }

    @Override
    public DatagramPort open(InetSocketAddress bindAddress, PortOptions options) throws IOException {
        return NioDatagramPort.open(bindAddress, options);
    }
}
