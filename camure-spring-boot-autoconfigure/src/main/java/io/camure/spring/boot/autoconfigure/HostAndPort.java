package io.camure.spring.boot.autoconfigure;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.StringUtils;

/**
 * An address as configured. The host is looked up when it is needed and not before.
 */
record HostAndPort(String property, String text, String host, int port) {

    /** @throws InvalidConfigurationPropertyValueException when the text is not {@code host:port} or {@code [IPv6]:port} */
    static HostAndPort parse(String property, String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (bracketed) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isBlank()
                || host.contains(":") != bracketed
                || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
            throw invalid(
                    property,
                    text,
                    "it must be host:port, such as 127.0.0.1:7400, or [IPv6]:port, such as [fe80::1]:7400");
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        if (port > 65535) {
            throw invalid(property, text, "the port is " + port + ": allowed are 0…65535");
        }
        return new HostAndPort(property, text, host, port);
    }

    /** The same, and {@code null} of a text that is not there. */
    static @Nullable HostAndPort parseGiven(String property, @Nullable String text) {
        return StringUtils.hasText(text) ? parse(property, text) : null;
    }

    HostAndPort requirePort() {
        if (port == 0) {
            throw invalid(property, text, "it needs the port of the other side, 1…65535");
        }
        return this;
    }

    /** For addresses that must be known when the application starts. */
    InetSocketAddress resolveNow() {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw invalid("the host name can't be resolved: use an address or a name that is known on this machine");
        }
    }

    InvalidConfigurationPropertyValueException invalid(String reason) {
        return invalid(property, text, reason);
    }

    private static InvalidConfigurationPropertyValueException invalid(String property, String text, String reason) {
        return new InvalidConfigurationPropertyValueException(property, text, reason);
    }

    @Override
    public String toString() {
        return text;
    }
}
