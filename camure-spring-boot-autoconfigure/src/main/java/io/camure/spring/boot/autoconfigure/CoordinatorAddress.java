package io.camure.spring.boot.autoconfigure;

import io.camure.CoordinatorLocator;
import io.camure.Member;
import io.camure.MemberConfig;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.session.MemberDefinition;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;

/** Where a member finds its coordinator: what the connection details say now, and the host name stands for now. */
record CoordinatorAddress(MemberDefinition definition, CamureConnectionDetails details, MemberConfig config)
        implements CoordinatorLocator {

    /** In place of an address: by the name of the session. */
    private static final String ANNOUNCED = "announced";

    /** Throws what is wrong with it. */
    CoordinatorAddress {
        current(definition, details, config);
    }

    private static List<CoordinatorLocator> current(
            MemberDefinition definition, CamureConnectionDetails details, MemberConfig config) {
        String property = "member.coordinator-address";
        String text = Settings.requireText(
                definition, property, details.getCoordinatorAddress(definition.session()), "127.0.0.1:7400");
        return Stream.of(text.split(",", -1))
                .map(String::strip)
                .map(each -> each.equals(ANNOUNCED)
                        ? announced(definition.prefix(), property, config)
                        : at(HostAndPort.parse(definition.prefix() + property, each)
                                .requirePort()))
                .toList();
    }

    private static CoordinatorLocator at(HostAndPort address) {
        return CoordinatorLocator.of(address.host(), address.port());
    }

    static CoordinatorLocator announced(String prefix, String property, MemberConfig config) {
        if (config.sessionName().isEmpty()) {
            throw new CamureConfigurationException(
                    prefix + property + " is " + ANNOUNCED + ", but " + prefix + "session-name is not set.",
                    "Set " + prefix + "session-name to that of the coordinator, which is found by it.");
        }
        return Member.announcedCoordinator(config);
    }

    @Override
    public List<InetSocketAddress> candidates() throws IOException {
        return CoordinatorLocator.anyOf(current(definition, details, config)).candidates();
    }

    /** As configured, for logs and errors. */
    @Override
    public String toString() {
        return String.valueOf(details.getCoordinatorAddress(definition.session()));
    }
}
