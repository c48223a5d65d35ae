package io.camure.spring.boot.autoconfigure;

import io.camure.CoordinatorLocator;
import io.camure.MemberConfig;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.callback.Callbacks;
import io.camure.spring.election.CoordinatorElection;
import io.camure.spring.election.StaticElection;
import io.camure.spring.session.CoordinatorDefinition;
import io.camure.spring.session.CoordinatorLifecycle;
import io.camure.spring.session.MemberDefinition;
import io.camure.spring.session.MemberLifecycle;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.util.CollectionUtils;
import org.springframework.util.StringUtils;

/** Makes the sessions' beans of what the properties, the connection details and the customizers say. */
final class SessionFactory {

    private SessionFactory() {}

    static CoordinatorLifecycle coordinator(
            CoordinatorDefinition definition,
            CamureProperties.Session properties,
            CamureConnectionDetails details,
            SessionSealing sealing,
            List<CoordinatorConfigCustomizer> customizers,
            Callbacks callbacks) {
        CoordinatorStart start = new CoordinatorStart(definition, properties, details, sealing, customizers);
        ChangedSettings.tellUnused(definition, properties);
        return new CoordinatorLifecycle(definition, start::start, callbacks);
    }

    private static CoordinatorLocator locator(
            MemberDefinition definition,
            CamureProperties.Member properties,
            CamureConnectionDetails details,
            ObjectProvider<CoordinatorDiscovery> discovery,
            MemberConfig config) {
        String service = properties.coordinatorService();
        if (!StringUtils.hasText(service)) {
            return new CoordinatorAddress(definition, details, config);
        }
        String path = definition.prefix() + "member.";
        if (!CollectionUtils.isEmpty(properties.coordinatorAddress())) {
            throw new CamureConfigurationException(
                    path + "coordinator-service is " + service + ", but " + path + "coordinator-address is set, too.",
                    "Remove " + path + "coordinator-service or " + path + "coordinator-address.");
        }
        if (StringUtils.hasText(details.getCoordinatorAddress(definition.session()))) {
            // Whoever supplies addresses instead of the properties, such as a test, supplies this one, too.
            return new CoordinatorAddress(definition, details, config);
        }
        CoordinatorDiscovery available = discovery.getIfAvailable();
        if (available == null) {
            throw new CamureConfigurationException(
                    path + "coordinator-service is " + service + ", but there is no DiscoveryClient to look for it.",
                    "Add a discovery client of Spring Cloud, or set " + path + "coordinator-address instead.");
        }
        return available.locator(service.strip());
    }

    /** Where the instance is that is configured to coordinate, if nothing says that but the name of the session. */
    private static CoordinatorLocator announced(MemberDefinition definition, MemberConfig config) {
        String path = definition.prefix() + "member.coordinator-address";
        if (config.sessionName().isEmpty()) {
            throw new CamureConfigurationException(
                    definition.prefix()
                            + "election.coordinator-when says which instance coordinates, but nothing says where that one is.",
                    "Set " + path + " to its address, such as orders-0.orders:7400, or " + definition.prefix()
                            + "session-name, by which instances find one another in a network that carries multicast.");
        }
        return CoordinatorAddress.announced(definition.prefix(), "member.coordinator-address", config);
    }

    /** @param election says where the coordinator is, before what is configured; {@code null} where none is held */
    static MemberLifecycle member(
            MemberDefinition definition,
            @Nullable CoordinatorElection election,
            CamureProperties.Session properties,
            CamureConnectionDetails details,
            ObjectProvider<CoordinatorDiscovery> discovery,
            SessionSealing sealing,
            List<MemberConfigCustomizer> customizers,
            Callbacks callbacks) {
        String session = definition.session();
        MemberConfig.Builder builder = SessionSettings.ofMember(definition.prefix(), definition.name(), properties);
        String networkInterface = details.getNetworkInterface(session);
        if (networkInterface != null) {
            builder.networkInterface(networkInterface);
        }
        sealing.of(definition.prefix(), properties.security(), details.getSecurity(session))
                .ifPresent(builder::security);
        customizers.forEach(customizer -> customizer.customize(session, builder));
        builder.name(definition.name());
        MemberConfig config = builder.build();
        SessionSecrets.require(definition.prefix(), properties.security(), config.security());
        SessionSealing.warnOfAnyCoordinator(definition, config.security());
        if (election == null) {
            ChangedSettings.tellUnused(definition, properties);
        }
        boolean located = election == null
                || StringUtils.hasText(properties.member().coordinatorService())
                || StringUtils.hasText(details.getCoordinatorAddress(session));
        CoordinatorLocator given;
        if (located) {
            given = locator(definition, properties.member(), details, discovery, config);
        } else {
            given = election instanceof StaticElection ? announced(definition, config) : null;
        }
        return new MemberLifecycle(
                definition,
                election == null ? Objects.requireNonNull(given) : new ElectionLocator(election, given),
                builder,
                callbacks);
    }
}
