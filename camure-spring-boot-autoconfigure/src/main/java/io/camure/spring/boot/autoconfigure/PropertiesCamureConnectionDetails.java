package io.camure.spring.boot.autoconfigure;

import io.camure.spring.kind.Role;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the properties say that the sessions are. */
final class PropertiesCamureConnectionDetails implements CamureConnectionDetails {

    private final CamureProperties properties;

    PropertiesCamureConnectionDetails(CamureProperties properties) {
        this.properties = properties;
    }

    @Override
    public @Nullable String getBindAddress(String session) {
        return properties.session(session).coordinator().bindAddress();
    }

    @Override
    public @Nullable String getMulticastAddress(String session) {
        return properties.session(session).coordinator().multicastAddress();
    }

    @Override
    public @Nullable String getCoordinatorAddress(String session) {
        List<String> addresses = properties.session(session).member().coordinatorAddress();
        return addresses == null ? null : String.join(",", addresses);
    }

    @Override
    public @Nullable String getNetworkInterface(String session) {
        CamureProperties.Session found = properties.session(session);
        String ofMember = found.member().networkInterface();
        return found.role() == Role.COORDINATOR || found.role() == Role.AUTO && ofMember == null
                ? found.coordinator().networkInterface()
                : ofMember;
    }
}
