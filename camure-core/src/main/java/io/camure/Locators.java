package io.camure;

import io.camure.protocol.base.Checks;
import io.camure.protocol.base.Format;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The locators that {@link CoordinatorLocator} makes. */
final class Locators {

    private Locators() {}

    /** What a host name stands for. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /**
     * A host with a port, looked up each time: by Java, which may still have an earlier answer, and from the second time on, when
     * that was of no use or is long ago, by asking the hosts file and the DNS servers as well.
     */
    static final class Host implements CoordinatorLocator {

        private final String host;
        private final int port;
        private final Resolver java;
        private final Supplier<NameServers> nameServers;
        private final AtomicBoolean asked = new AtomicBoolean();

        Host(String host, int port) {
            this(host, port, InetAddress::getAllByName, NameServers::ofMachine);
        }

        Host(String host, int port, Resolver java, Supplier<NameServers> nameServers) {
            if (host.isBlank()) {
                throw new IllegalArgumentException("host is empty: it must be a name or an address");
            }
            Checks.range("port", port, 1, 65535, "");
            this.host = host;
            this.port = port;
            this.java = java;
            this.nameServers = nameServers;
        }

        @Override
        public List<InetSocketAddress> candidates() throws UnknownHostException {
            List<InetAddress> direct = asked.getAndSet(true) ? nameServers.get().addressesOf(host) : List.of();
            InetAddress[] known = new InetAddress[0];
            try {
                known = java.resolve(host);
            } catch (UnknownHostException e) {
                if (direct.isEmpty()) {
                    UnknownHostException unknown =
                            new UnknownHostException("the host name in " + this + " is not known");
                    unknown.initCause(e);
                    throw unknown;
                }
            }
            return Stream.concat(direct.stream(), Stream.of(known))
                    .distinct()
                    .map(address -> new InetSocketAddress(address, port))
                    .toList();
        }

        InetSocketAddress unresolved() {
            return InetSocketAddress.createUnresolved(host, port);
        }

        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /** Addresses that are known. */
    record Fixed(List<InetSocketAddress> candidates) implements CoordinatorLocator {

        Fixed {
            if (candidates.isEmpty()) {
                throw new IllegalArgumentException("addresses is empty: there must be at least one");
            }
        }

        @Override
        public String toString() {
            return candidates.stream().map(Format::address).collect(Collectors.joining(", "));
        }
    }

    /** Whatever any of several knows. */
    record Any(List<CoordinatorLocator> locators) implements CoordinatorLocator {

        Any {
            locators = List.copyOf(Checks.given("locators", locators));
            if (locators.isEmpty()) {
                throw new IllegalArgumentException("locators is empty: there must be at least one");
            }
        }

        @Override
        public List<InetSocketAddress> candidates() throws IOException {
            List<InetSocketAddress> known = new ArrayList<>();
            List<InetSocketAddress> unknown = new ArrayList<>();
            List<IOException> failures = new ArrayList<>();
            for (CoordinatorLocator each : locators) {
                try {
                    List<InetSocketAddress> candidates = each.candidates();
                    if (candidates.isEmpty()) {
                        failures.add(new IOException(each + " knows none"));
                    }
                    known.addAll(candidates);
                } catch (IOException e) {
                    failures.add(e);
                    if (each instanceof Host host) {
                        // So that a join that fails names it, too.
                        unknown.add(host.unresolved());
                    }
                } catch (RuntimeException e) {
                    failures.add(new IOException(each + ": " + e, e));
                }
            }
            if (known.isEmpty()) {
                throw nothingKnown(failures);
            }
            known.addAll(unknown);
            return known;
        }

        private static IOException nothingKnown(List<IOException> failures) {
            IOException failure = new IOException(failures.stream()
                    .map(each -> String.valueOf(each.getMessage()))
                    .collect(Collectors.joining("; ")));
            failure.initCause(failures.get(0));
            failures.stream().skip(1).forEach(failure::addSuppressed);
            return failure;
        }

        @Override
        public String toString() {
            return locators.stream().map(String::valueOf).collect(Collectors.joining(", "));
        }
    }
}
