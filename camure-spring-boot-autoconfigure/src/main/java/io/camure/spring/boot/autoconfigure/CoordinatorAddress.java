package io.camure.spring.boot.autoconfigure;

import io.camure.CoordinatorLocator;
import io.camure.spring.session.MemberDefinition;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/** Where a member finds its coordinator: what the connection details say now, and the host name stands for now. */
record CoordinatorAddress(MemberDefinition definition, CamureConnectionDetails details) implements CoordinatorLocator {

    /** Throws what is wrong with it. */
    CoordinatorAddress {
        current(definition, details);
    }

    private static HostAndPort current(MemberDefinition definition, CamureConnectionDetails details) {
        return Settings.requireAddress(
                        definition,
                        "member.coordinator-address",
                        details.getCoordinatorAddress(definition.session()),
                        "127.0.0.1:7400")
                .requirePort();
    }

    @Override
    public List<InetSocketAddress> candidates() throws IOException {
        HostAndPort now = current(definition, details);
        return CoordinatorLocator.of(now.host(), now.port()).candidates();
    }

    /** As configured, for logs and errors. */
    @Override
    public String toString() {
        return String.valueOf(details.getCoordinatorAddress(definition.session()));
    }
}
