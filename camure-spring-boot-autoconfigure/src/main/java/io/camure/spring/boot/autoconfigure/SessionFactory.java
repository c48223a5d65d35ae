package io.camure.spring.boot.autoconfigure;

import io.camure.Coordinator;
import io.camure.CoordinatorConfig;
import io.camure.DeliveryMode;
import io.camure.MemberConfig;
import io.camure.spring.callback.Callbacks;
import io.camure.spring.session.CoordinatorDefinition;
import io.camure.spring.session.CoordinatorLifecycle;
import io.camure.spring.session.MemberDefinition;
import io.camure.spring.session.MemberLifecycle;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/** Makes the sessions' beans of what the properties, the connection details and the customizers say. */
final class SessionFactory {

    private static final String COORDINATOR = "coordinator.";

    private SessionFactory() {}

    static CoordinatorLifecycle coordinator(
            CoordinatorDefinition definition,
            CamureProperties.Session properties,
            CamureConnectionDetails details,
            List<CoordinatorConfigCustomizer> customizers,
            Callbacks callbacks) {
        String session = definition.session();
        HostAndPort unicast = Settings.requireAddress(
                definition, COORDINATOR + "bind-address", details.getBindAddress(session), "127.0.0.1:7400");
        CoordinatorConfig.Builder builder =
                SessionSettings.ofCoordinator(definition.prefix(), definition.name(), properties);
        String networkInterface = details.getNetworkInterface(session);
        if (networkInterface != null) {
            builder.networkInterface(networkInterface);
        }
        customizers.forEach(customizer -> customizer.customize(session, builder));
        ChangedSettings.tellUnused(definition, properties);
        CoordinatorConfig config = builder.name(definition.name()).build();
        HostAndPort multicast = multicastAddress(definition, details.getMulticastAddress(session), config.delivery());
        return new CoordinatorLifecycle(definition, () -> start(unicast, multicast, config), callbacks);
    }

    private static @Nullable HostAndPort multicastAddress(
            CoordinatorDefinition definition, @Nullable String value, DeliveryMode delivery) {
        if (delivery == DeliveryMode.UNICAST && !StringUtils.hasText(value)) {
            return null;
        }
        return Settings.requireAddress(definition, COORDINATOR + "multicast-address", value, "239.255.74.0:7401")
                .requirePort();
    }

    private static Coordinator start(HostAndPort unicast, @Nullable HostAndPort multicast, CoordinatorConfig config) {
        var unicastAddress = unicast.resolveNow();
        if (multicast == null) {
            return Coordinator.start(unicastAddress, config);
        }
        var multicastAddress = multicast.resolveNow();
        try {
            return Coordinator.start(unicastAddress, multicastAddress, config);
        } catch (IllegalArgumentException e) {
            throw multicast.invalid(String.valueOf(e.getMessage()));
        }
    }

    static MemberLifecycle member(
            MemberDefinition definition,
            CamureProperties.Session properties,
            CamureConnectionDetails details,
            List<MemberConfigCustomizer> customizers,
            Callbacks callbacks) {
        String session = definition.session();
        CoordinatorAddress coordinator = new CoordinatorAddress(definition, details);
        MemberConfig.Builder builder = SessionSettings.ofMember(definition.prefix(), definition.name(), properties);
        String networkInterface = details.getNetworkInterface(session);
        if (networkInterface != null) {
            builder.networkInterface(networkInterface);
        }
        customizers.forEach(customizer -> customizer.customize(session, builder));
        ChangedSettings.tellUnused(definition, properties);
        return new MemberLifecycle(definition, coordinator, builder.name(definition.name()), callbacks);
    }
}
