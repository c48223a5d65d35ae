package io.camure.spring.boot.autoconfigure;

import io.camure.Coordinator;
import io.camure.CoordinatorConfig;
import io.camure.CoordinatorLease;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.session.ElectedCoordinator;
import io.camure.spring.session.SessionDefinition;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a session is started here that this application runs: what the properties, the connection details and the customizers say. */
final class CoordinatorStart implements ElectedCoordinator.Starter {

    private final String path;
    private final CoordinatorConfig.Builder config;
    private final @Nullable HostAndPort unicast;
    private final @Nullable HostAndPort multicast;
    private final @Nullable HostAndPort advertised;

    /** Where it would have been bound when its address was asked for: with a port that has to stay, since others are told it. */
    private volatile @Nullable InetSocketAddress found;

    CoordinatorStart(
            SessionDefinition definition,
            CamureProperties.Session properties,
            CamureConnectionDetails details,
            SessionSealing sealing,
            List<CoordinatorConfigCustomizer> customizers) {
        String session = definition.session();
        path = definition.prefix() + "coordinator.";
        unicast = HostAndPort.parseGiven(path + "bind-address", details.getBindAddress(session));
        multicast = HostAndPort.parseGiven(path + "multicast-address", details.getMulticastAddress(session));
        if (multicast != null) {
            multicast.requirePort();
        }
        config = SessionSettings.ofCoordinator(definition.prefix(), definition.name(), properties);
        String networkInterface = details.getNetworkInterface(session);
        if (networkInterface != null) {
            config.networkInterface(networkInterface);
        }
        sealing.of(definition.prefix(), properties.security(), details.getSecurity(session))
                .ifPresent(config::security);
        customizers.forEach(customizer -> customizer.customize(session, config));
        SessionSecrets.require(
                definition.prefix(),
                properties.security(),
                config.name(definition.name()).build().security());
        advertised = HostAndPort.parseGiven(
                path + "advertised-address", properties.coordinator().advertisedAddress());
    }

    Coordinator start() {
        return start(unicast == null ? null : unicast.resolveNow(), config());
    }

    /** Names are looked up only at the start, when they are needed. */
    private synchronized CoordinatorConfig config() {
        HostAndPort given = advertised;
        if (given == null) {
            return config.build();
        }
        InetSocketAddress address = given.resolveNow();
        try {
            return config.advertisedAddress(address).build();
        } catch (IllegalArgumentException e) {
            throw given.invalid(String.valueOf(e.getMessage()));
        }
    }

    private Coordinator start(@Nullable InetSocketAddress bindAddress, CoordinatorConfig finished) {
        HostAndPort given = multicast;
        if (given == null) {
            return Coordinator.start(bindAddress, null, finished);
        }
        InetSocketAddress multicastAddress = given.resolveNow();
        try {
            return Coordinator.start(bindAddress, multicastAddress, finished);
        } catch (IllegalArgumentException e) {
            throw given.invalid(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public InetSocketAddress address() {
        CoordinatorConfig finished = config();
        InetSocketAddress bound = Coordinator.addressFor(
                unicast == null ? null : unicast.resolveNow(),
                multicast == null ? null : multicast.resolveNow(),
                finished);
        found = bound;
        return finished.advertisedAddress()
                .map(address ->
                        address.getPort() == 0 ? new InetSocketAddress(address.getAddress(), bound.getPort()) : address)
                .orElseGet(() -> requireReachable(bound));
    }

    private InetSocketAddress requireReachable(InetSocketAddress bound) {
        if (bound.getAddress().isAnyLocalAddress()) {
            throw new CamureConfigurationException(
                    path
                            + "bind-address is a wildcard, which the other instances can't be told as the coordinator's address.",
                    "Remove it, or set " + path + "advertised-address to where the other instances reach this one.");
        }
        return bound;
    }

    @Override
    public Coordinator start(InetSocketAddress address, long term, CoordinatorLease lease) {
        CoordinatorConfig finished =
                config().toBuilder().term(term).lease(lease).build();
        if (finished.advertisedAddress().isEmpty()) {
            return start(address, finished);
        }
        InetSocketAddress bound = unicast == null ? found : unicast.resolveNow();
        boolean asAdvertised = bound != null && bound.getPort() == 0;
        return start(asAdvertised ? found : bound, finished);
    }
}
