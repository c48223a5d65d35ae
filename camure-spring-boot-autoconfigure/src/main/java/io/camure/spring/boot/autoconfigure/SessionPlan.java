package io.camure.spring.boot.autoconfigure;

import io.camure.spring.boot.autoconfigure.CamureProperties.Role;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/** What the properties ask for, checked before anything is started. */
sealed interface SessionPlan permits CoordinatorPlan, MemberPlan {

    /** What threads, logs, errors and health call this node. */
    String name();

    Role role();

    List<GroupPlan> groups();

    /**
     * @return the plan, or {@code null} when there is no session to be started
     * @throws CamureConfigurationException when something is missing or does not fit together
     */
    static @Nullable SessionPlan of(CamureProperties properties, @Nullable String applicationName) {
        Role role = properties.role();
        if (!properties.enabled()) {
            return null;
        }
        if (role == null) {
            if (!properties.groups().isEmpty()) {
                throw new CamureConfigurationException(
                        "camure.groups has " + properties.groups().keySet() + ", but camure.role is not set.",
                        "Set camure.role to coordinator in one application of the session and to member in the others.");
            }
            return null;
        }
        String name = properties.name();
        if (!StringUtils.hasText(name)) {
            name = defaultName(applicationName);
        }
        List<GroupPlan> groups = GroupPlan.of(properties.groups(), role);
        return switch (role) {
            case COORDINATOR -> CoordinatorPlan.of(name, properties, groups);
            case MEMBER -> MemberPlan.of(name, properties, groups);
        };
    }

    /** The suffix tells instances of one application apart in the log of the others. */
    private static String defaultName(@Nullable String applicationName) {
        String suffix =
                HexFormat.of().toHexDigits((short) ThreadLocalRandom.current().nextInt());
        return (StringUtils.hasText(applicationName) ? applicationName : "application") + "-" + suffix;
    }
}
