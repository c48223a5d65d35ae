package io.camure.doctor.cli;

import io.camure.CoordinatorLocator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A host and a port as they are written: {@code host:port} or {@code [IPv6]:port}. */
record HostPort(String host, int port) {

    InetSocketAddress resolve() throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(host), port);
    }

    CoordinatorLocator locator() {
        return CoordinatorLocator.of(host, port);
    }

    /** Reads one. */
    static final class Converter implements ITypeConverter<HostPort> {

        @Override
        public HostPort convert(String text) {
            int colon = text.lastIndexOf(':');
            String host = colon < 0 ? text : text.substring(0, colon);
            boolean bracketed = host.startsWith("[") && host.endsWith("]");
            String bare = bracketed ? host.substring(1, host.length() - 1) : host;
            String port = text.substring(colon + 1);
            if (colon <= 0
                    || bare.isEmpty()
                    || !bracketed && host.contains(":")
                    || !port.matches("\\d{1,5}")
                    || Integer.parseInt(port) > 65535) {
                throw new TypeConversionException(
                        "'" + text + "' is no address: write HOST:PORT or [IPv6]:PORT, such as 10.0.3.7:7400");
            }
            return new HostPort(bare, Integer.parseInt(port));
        }
    }
}
