package io.camure.spring.boot.autoconfigure;

import io.camure.Coordinator;
import io.camure.CoordinatorConfig;
import io.camure.CoordinatorLocator;
import io.camure.MemberConfig;
import io.camure.Security;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.callback.Callbacks;
import io.camure.spring.session.CoordinatorDefinition;
import io.camure.spring.session.CoordinatorLifecycle;
import io.camure.spring.session.MemberDefinition;
import io.camure.spring.session.MemberLifecycle;
import java.net.InetSocketAddress;
import java.util.List;
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
            ObjectProvider<Security> security,
            List<CoordinatorConfigCustomizer> customizers,
            Callbacks callbacks) {
        String session = definition.session();
        String path = definition.prefix() + "coordinator.";
        HostAndPort unicast = HostAndPort.parseGiven(path + "bind-address", details.getBindAddress(session));
        HostAndPort multicast =
                HostAndPort.parseGiven(path + "multicast-address", details.getMulticastAddress(session));
        if (multicast != null) {
            multicast.requirePort();
        }
        CoordinatorConfig.Builder builder =
                SessionSettings.ofCoordinator(definition.prefix(), definition.name(), properties);
        String networkInterface = details.getNetworkInterface(session);
        if (networkInterface != null) {
            builder.networkInterface(networkInterface);
        }
        Security supplied = details.getSecurity(session);
        if (supplied != null) {
            builder.security(supplied);
        }
        security.ifAvailable(builder::security);
        customizers.forEach(customizer -> customizer.customize(session, builder));
        ChangedSettings.tellUnused(definition, properties);
        CoordinatorConfig config = builder.name(definition.name()).build();
        SessionSecrets.require(definition.prefix(), properties.security(), config.security());
        HostAndPort advertised = HostAndPort.parseGiven(
                path + "advertised-address", properties.coordinator().advertisedAddress());
        return new CoordinatorLifecycle(
                definition,
                () -> start(unicast, multicast, advertised == null ? config : advertise(builder, advertised)),
                callbacks);
    }

    /** Only at the start, since a name is looked up when it is needed. */
    private static CoordinatorConfig advertise(CoordinatorConfig.Builder builder, HostAndPort advertised) {
        InetSocketAddress address = advertised.resolveNow();
        try {
            return builder.advertisedAddress(address).build();
        } catch (IllegalArgumentException e) {
            throw advertised.invalid(String.valueOf(e.getMessage()));
        }
    }

    private static Coordinator start(
            @Nullable HostAndPort unicast, @Nullable HostAndPort multicast, CoordinatorConfig config) {
        InetSocketAddress unicastAddress = unicast == null ? null : unicast.resolveNow();
        if (multicast == null) {
            return Coordinator.start(unicastAddress, null, config);
        }
        InetSocketAddress multicastAddress = multicast.resolveNow();
        try {
            return Coordinator.start(unicastAddress, multicastAddress, config);
        } catch (IllegalArgumentException e) {
            throw multicast.invalid(String.valueOf(e.getMessage()));
        }
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

    static MemberLifecycle member(
            MemberDefinition definition,
            CamureProperties.Session properties,
            CamureConnectionDetails details,
            ObjectProvider<CoordinatorDiscovery> discovery,
            ObjectProvider<Security> security,
            List<MemberConfigCustomizer> customizers,
            Callbacks callbacks) {
        String session = definition.session();
        MemberConfig.Builder builder = SessionSettings.ofMember(definition.prefix(), definition.name(), properties);
        String networkInterface = details.getNetworkInterface(session);
        if (networkInterface != null) {
            builder.networkInterface(networkInterface);
        }
        Security supplied = details.getSecurity(session);
        if (supplied != null) {
            builder.security(supplied);
        }
        security.ifAvailable(builder::security);
        customizers.forEach(customizer -> customizer.customize(session, builder));
        ChangedSettings.tellUnused(definition, properties);
        builder.name(definition.name());
        MemberConfig config = builder.build();
        SessionSecrets.require(definition.prefix(), properties.security(), config.security());
        CoordinatorLocator coordinator = locator(definition, properties.member(), details, discovery, config);
        return new MemberLifecycle(definition, coordinator, builder, callbacks);
    }
}
