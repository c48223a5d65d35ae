package io.camure.spring.boot.autoconfigure;

import io.camure.NodeNames;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.kind.Role;
import io.camure.spring.session.BeanNames;
import io.camure.spring.session.CoordinatorDefinition;
import io.camure.spring.session.GroupDefinition;
import io.camure.spring.session.MemberDefinition;
import io.camure.spring.session.SessionDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/** Reads from the properties which sessions there are to be. */
final class SessionDefinitions {

    /** What Java's own streams have as the longest array. */
    private static final int MAXIMUM_ARRAY = Integer.MAX_VALUE - 8;

    private SessionDefinitions() {}

    /**
     * @return a definition of each session that is to be started
     * @throws CamureConfigurationException when something is missing or does not fit together
     */
    static List<SessionDefinition> of(CamureProperties properties, @Nullable String applicationName) {
        if (!properties.enabled()) {
            return List.of();
        }
        List<SessionDefinition> definitions = new ArrayList<>();
        CamureProperties.Session unnamed = properties.unnamed();
        if (unnamed.role() != null || !unnamed.groups().isEmpty()) {
            definitions.add(of(SessionDefinition.DEFAULT_SESSION, unnamed, properties.collective(), applicationName));
        }
        properties.sessions().forEach((session, named) -> {
            if (session.equals(SessionDefinition.DEFAULT_SESSION)) {
                throw new CamureConfigurationException(
                        "camure.sessions.default has the name of the session that camure.role and what is beside it describe.",
                        "Give it another name, or move its properties from camure.sessions.default to camure.");
            }
            definitions.add(of(session, named, properties.collective(), applicationName));
        });
        requireDistinctNames(definitions);
        return List.copyOf(definitions);
    }

    private static SessionDefinition of(
            String session,
            CamureProperties.Session properties,
            CamureProperties.Collective collective,
            @Nullable String applicationName) {
        Role role = properties.role();
        String prefix = SessionDefinition.prefix(session);
        if (role == null) {
            throw new CamureConfigurationException(
                    (properties.groups().isEmpty()
                                    ? "There is a session '" + session + "'"
                                    : prefix + "groups has "
                                            + properties.groups().keySet())
                            + ", but " + prefix + "role is not set.",
                    "Set " + prefix
                            + "role to coordinator in one application of the session and to member in the others, or to auto"
                            + " in all instances of one.");
        }
        String name = properties.name();
        if (!StringUtils.hasText(name)) {
            name = defaultName(session, applicationName);
        }
        List<GroupDefinition> groups = GroupDefinitions.of(prefix + "groups.", properties.groups(), collective);
        return switch (role) {
            case COORDINATOR -> coordinator(session, name, properties, groups);
            case MEMBER -> member(session, name, properties, groups);
            case AUTO -> {
                SessionSettings.ofCoordinator(prefix, name, properties);
                yield member(session, name, properties, groups);
            }
        };
    }

    private static CoordinatorDefinition coordinator(
            String session, String name, CamureProperties.Session properties, List<GroupDefinition> groups) {
        SessionSettings.ofCoordinator(SessionDefinition.prefix(session), name, properties);
        return new CoordinatorDefinition(session, name, groups);
    }

    private static MemberDefinition member(
            String session, String name, CamureProperties.Session properties, List<GroupDefinition> groups) {
        CamureProperties.Member member = properties.member();
        String prefix = SessionDefinition.prefix(session);
        Settings.requirePositive(prefix + "member.startup-timeout", member.startupTimeout());
        Settings.setBytes(
                prefix + "member.maximum-message-size", member.maximumMessageSize(), SessionDefinitions::requireSize);
        SessionSettings.ofMember(prefix, name, properties);
        return new MemberDefinition(session, name, groups, member.startup(), member.startupTimeout());
    }

    private static void requireSize(int bytes) {
        if (bytes < 1 || bytes > MAXIMUM_ARRAY) {
            throw new IllegalArgumentException("allowed are 1B…" + MAXIMUM_ARRAY + "B");
        }
    }

    /** One that tells instances of one application apart in the log of the others. */
    private static String defaultName(String session, @Nullable String applicationName) {
        String name = StringUtils.hasText(applicationName) ? applicationName : "application";
        if (!session.equals(SessionDefinition.DEFAULT_SESSION)) {
            name += "-" + session;
        }
        return NodeNames.distinct(name);
    }

    private static void requireDistinctNames(List<SessionDefinition> definitions) {
        Map<String, String> sessionsByBeanName = new HashMap<>();
        Map<String, GroupDefinition> groupsByName = new HashMap<>();
        for (SessionDefinition definition : definitions) {
            String other =
                    sessionsByBeanName.putIfAbsent(BeanNames.ofSession(definition.session(), ""), definition.session());
            if (other != null) {
                throw new CamureConfigurationException(
                        "The sessions " + other + " and " + definition.session()
                                + " have the same name where their beans are injected.",
                        "Give one of the sessions another name.");
            }
            for (GroupDefinition group : definition.groups()) {
                GroupDefinition clash = groupsByName.putIfAbsent(group.name(), group);
                if (clash != null) {
                    throw new CamureConfigurationException(
                            clash.origin() + " and " + group.origin() + " have the same name.",
                            "Rename one of them: the names of groups are those of their beans, over all sessions.");
                }
            }
        }
    }
}
