package io.camure;

import io.camure.transport.PortProvider;
import io.camure.transport.PortProviders;
import java.io.IOException;
import java.util.Locale;

/** What a node's configuration says of its transport, in the terms of the packages below. */
final class Ports {

    private Ports() {}

    /** @throws IOException when the one that is asked for does not work here; the message says why */
    static PortProvider provider(Transport transport) throws IOException {
        return switch (transport) {
            case AUTO -> PortProviders.fastest();
            case NIO -> PortProviders.nio();
            case LINUX -> PortProviders.named(transport.name().toLowerCase(Locale.ROOT));
        };
    }
}
