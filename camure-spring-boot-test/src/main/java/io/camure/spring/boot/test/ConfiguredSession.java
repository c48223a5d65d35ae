package io.camure.spring.boot.test;

import io.camure.CollectiveConfig;
import io.camure.GroupConfig;
import io.camure.Security;
import io.camure.spring.boot.autoconfigure.CamureProperties;
import io.camure.spring.boot.autoconfigure.CamureProperties.Group;
import io.camure.spring.boot.autoconfigure.SessionSecrets;
import io.camure.spring.group.GroupType;
import io.camure.spring.kind.Role;
import io.camure.test.CamureTestCoordinator;
import io.camure.test.CamureTestNetwork;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** What the application's properties say of a session. */
record ConfiguredSession(
        String name,
        @Nullable String sessionName,
        Optional<Security> security,
        @Nullable Role role,
        Map<String, Group> groups) {

    private static final String DEFAULT_SESSION = "default";

    static List<ConfiguredSession> all(Environment environment) {
        CamureProperties properties = Binder.get(environment).bindOrCreate("camure", CamureProperties.class);
        List<ConfiguredSession> sessions = new ArrayList<>();
        if (properties.enabled()) {
            sessions.add(new ConfiguredSession(
                    DEFAULT_SESSION,
                    properties.sessionName(),
                    SessionSecrets.of("camure.", properties.security()),
                    properties.role(),
                    properties.groups()));
            properties
                    .sessions()
                    .forEach((name, session) -> sessions.add(new ConfiguredSession(
                            name,
                            session.sessionName(),
                            SessionSecrets.of("camure.sessions." + name + ".", session.security()),
                            session.role(),
                            session.groups())));
        }
        return sessions;
    }

    /** Tells the network what session and groups are called. Groups without an id have a name once they are created. */
    void name(CamureTestNetwork network) {
        nameSession(network);
        groups.forEach((group, settings) -> {
            Integer id = settings.id();
            if (id != null) {
                network.nameGroup(group, id);
            }
        });
    }

    private void nameSession(CamureTestNetwork network) {
        if (StringUtils.hasText(sessionName)) {
            network.session(name).sessionName(sessionName);
        }
        security.ifPresent(network.session(name)::security);
    }

    /**
     * A coordinator with the groups that this application wants to join; the first round and message wait for it.
     *
     * @param collectiveValues what values of a collective are here, by the name of the group
     */
    CamureTestCoordinator startCoordinator(
            CamureTestNetwork network, Function<String, CollectiveConfig<?>> collectiveValues) {
        nameSession(network);
        CamureTestCoordinator coordinator = network.session(name).startCoordinator();
        // Those with an id first, so that none of these is taken by another.
        groups.entrySet().stream()
                .sorted(Comparator.comparing(group -> group.getValue().id() == null))
                .forEach(group -> create(coordinator, group.getKey(), group.getValue(), network, collectiveValues));
        return coordinator;
    }

    /** What is incomplete is left to the application's session, which says what is missing. */
    private static void create(
            CamureTestCoordinator coordinator,
            String name,
            Group settings,
            CamureTestNetwork network,
            Function<String, CollectiveConfig<?>> collectiveValues) {
        GroupConfig.Builder config =
                GroupConfig.builder().name(name).expectedMembers(1).timeout(network.patience());
        Integer id = settings.id();
        if (id != null) {
            config.id(id);
        }
        if (settings.type() == GroupType.BARRIER) {
            network.nameGroup(name, coordinator.createBarrier(config.build()).id());
        } else if (settings.type() == GroupType.BROADCAST) {
            network.nameGroup(name, coordinator.createBroadcast(config.build()).id());
        } else if (settings.type() == GroupType.COLLECTIVE) {
            network.nameGroup(
                    name,
                    coordinator
                            .createCollective(config.build(), collectiveValues.apply(name))
                            .id());
        }
    }

    /** {@code camureTestCoordinator}, or {@code newOrdersTestCoordinator} for a session named {@code new-orders}. */
    String coordinatorBeanName() {
        return CamureProperties.beanName(name, "TestCoordinator");
    }
}
