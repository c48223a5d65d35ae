package io.camure;

import io.camure.protocol.base.Checks;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

/** A host with a port, looked up each time. */
record HostLocator(String host, int port) implements CoordinatorLocator {

    HostLocator {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host is empty: it must be a name or an address");
        }
        Checks.range("port", port, 1, 65535, "");
    }

    @Override
    public List<InetSocketAddress> candidates() throws UnknownHostException {
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            UnknownHostException unknown = new UnknownHostException("the host name in " + this + " is not known");
            unknown.initCause(e);
            throw unknown;
        }
        return Stream.of(addresses)
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
