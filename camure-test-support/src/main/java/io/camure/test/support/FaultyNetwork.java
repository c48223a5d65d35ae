package io.camure.test.support;

import io.camure.transport.DatagramPort;
import io.camure.transport.NioDatagramPort;
import io.camure.transport.PortOptions;
import io.camure.transport.PortProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** This machine's network, by ports that fail on demand. */
public final class FaultyNetwork implements PortProvider {

    private volatile @Nullable FaultyPort port;

    /** The port that was opened last. */
    public FaultyPort port() {
        FaultyPort opened = port;
        if (opened == null) {
            throw new IllegalStateException("no port was opened");
        }
        return opened;
    }

    @Override
    public String name() {
        return "faulty";
    }

    @Override
    public @Nullable String refusal() {
        return null;
    }

    @Override
    public DatagramPort open(InetSocketAddress bindAddress, PortOptions options) throws IOException {
        FaultyPort opened = new FaultyPort(NioDatagramPort.open(bindAddress, options));
        port = opened;
        return opened;
    }
}
