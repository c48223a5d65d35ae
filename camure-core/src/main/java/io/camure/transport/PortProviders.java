package io.camure.transport;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The choice among the ways to send and receive datagrams. */
public final class PortProviders {

    private static final PortProvider NIO = new NioPortProvider();

    private static final Logger log = LoggerFactory.getLogger(PortProviders.class);

    private PortProviders() {}

    /** Java NIO, which works everywhere. */
    public static PortProvider nio() {
        return NIO;
    }

    /** The first one beside Java NIO that works here, otherwise Java NIO. */
    public static PortProvider fastest() {
        for (PortProvider provider : installed()) {
            String refusal = provider.refusal();
            if (refusal == null) {
                return provider;
            }
            log.info("transport {} is not used: {}", provider.name(), refusal);
        }
        return NIO;
    }

    /**
     * The one with a name.
     *
     * @throws IOException when it is not installed or does not work here; the message says why
     */
    public static PortProvider named(String name) throws IOException {
        for (PortProvider provider : installed()) {
            if (provider.name().equals(name)) {
                String refusal = provider.refusal();
                if (refusal != null) {
                    throw new IOException("transport " + name + " does not work here: " + refusal);
                }
                return provider;
            }
        }
        throw new IOException("transport " + name + " is not on the class path: add camure-transport-" + name);
    }

    private static List<PortProvider> installed() {
        List<PortProvider> found = new ArrayList<>();
        try {
            ServiceLoader.load(PortProvider.class, PortProvider.class.getClassLoader())
                    .forEach(found::add);
        } catch (ServiceConfigurationError e) {
            // A broken module must not keep a session from starting by Java NIO.
            log.warn("a transport can't be loaded", e);
        }
        return found;
    }
}
