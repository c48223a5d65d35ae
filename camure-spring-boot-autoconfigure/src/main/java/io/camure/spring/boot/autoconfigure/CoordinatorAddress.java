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

    private static List<HostAndPort> current(MemberDefinition definition, CamureConnectionDetails details) {
        String property = "member.coordinator-address";
        String text = Settings.requireText(
                definition, property, details.getCoordinatorAddress(definition.session()), "127.0.0.1:7400");
        return HostAndPort.parseAll(definition.prefix() + property, text);
    }

    @Override
    public List<InetSocketAddress> candidates() throws IOException {
        return CoordinatorLocator.anyOf(current(definition, details).stream()
                        .map(each -> CoordinatorLocator.of(each.host(), each.port()))
                        .toList())
                .candidates();
    }

    /** As configured, for logs and errors. */
    @Override
    public String toString() {
        return String.valueOf(details.getCoordinatorAddress(definition.session()));
    }
}
