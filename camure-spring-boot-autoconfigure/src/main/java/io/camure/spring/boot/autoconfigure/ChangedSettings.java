package io.camure.spring.boot.autoconfigure;

import io.camure.spring.group.GroupType;
import io.camure.spring.kind.Role;
import io.camure.spring.session.SessionDefinition;
import io.camure.spring.session.Startup;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.ReflectionUtils;

/** Settings that are not what they are by default, and which of them a node has no use for. */
final class ChangedSettings {

    private static final Logger log = LoggerFactory.getLogger(ChangedSettings.class);

    private static final CamureProperties DEFAULTS =
            new Binder(new MapConfigurationPropertySource()).bindOrCreate("camure", CamureProperties.class);

    private static final Set<String> OF_ITS_COORDINATOR =
            Set.of("expected-members", "on-member-loss", "slow-member", "slow-member-patience");

    private ChangedSettings() {}

    /** Those below {@code coordinator} and {@code member}. */
    static List<String> ofSides(String prefix, CamureProperties.Session session) {
        List<String> changed =
                new ArrayList<>(of(prefix + "coordinator.", session.coordinator(), DEFAULTS.coordinator()));
        changed.addAll(of(prefix + "member.", session.member(), DEFAULTS.member()));
        return changed;
    }

    /** Those of the node itself, whatever its role is. */
    static List<String> ofNode(String prefix, CamureProperties.Session session) {
        return of(prefix, session, DEFAULTS.unnamed()).stream()
                .filter(property -> property.startsWith(prefix + "security.")
                        || Set.of("name", "session-name", "transport", "idle-strategy")
                                .contains(property.substring(prefix.length())))
                .toList();
    }

    /** Says once what is set for nothing: one configuration may be for all nodes, but it may be a mistake as well. */
    static void tellUnused(SessionDefinition definition, CamureProperties.Session session) {
        List<String> unused = unused(definition.prefix(), session, definition.role());
        if (!unused.isEmpty()) {
            log.info(
                    "{}: not used by this node, which is {} {}: {}",
                    definition.name(),
                    definition.role() == Role.MEMBER ? "a" : "the",
                    definition.role().name().toLowerCase(Locale.ROOT),
                    String.join(", ", unused));
        }
    }

    private static List<String> unused(String prefix, CamureProperties.Session session, Role role) {
        CamureProperties.Member member = session.member();
        if (role == Role.COORDINATOR) {
            return of(prefix + "member.", member, DEFAULTS.member());
        }
        List<String> unused =
                new ArrayList<>(of(prefix + "coordinator.", session.coordinator(), DEFAULTS.coordinator()));
        List<String> ofMember = of(prefix + "member.", member, DEFAULTS.member());
        ofMember.stream()
                .filter(property -> member.startup() != Startup.WAIT && property.endsWith(".startup-timeout")
                        || !member.rejoin().enabled() && property.endsWith("-interval"))
                .forEach(unused::add);
        session.groups().forEach((name, group) -> {
            String path = prefix + "groups." + name + ".";
            CamureProperties.Group defaults = defaultGroup();
            of(path, group, defaults).stream()
                    .filter(property -> isUnused(property.substring(path.length()), group))
                    .forEach(unused::add);
        });
        return unused;
    }

    private static boolean isUnused(String property, CamureProperties.Group group) {
        GroupType type = group.type();
        return OF_ITS_COORDINATOR.contains(property)
                || property.equals("timeout") && type != null && !type.kind().hasRounds();
    }

    private static CamureProperties.Group defaultGroup() {
        return new Binder(new MapConfigurationPropertySource()).bindOrCreate("group", CamureProperties.Group.class);
    }

    private static List<String> of(String prefix, Record settings, Record defaults) {
        List<String> changed = new ArrayList<>();
        for (RecordComponent component : settings.getClass().getRecordComponents()) {
            Object value = ReflectionUtils.invokeMethod(component.getAccessor(), settings);
            Object byDefault = ReflectionUtils.invokeMethod(component.getAccessor(), defaults);
            String name = prefix + DataObjectPropertyName.toDashedForm(component.getName());
            if (value instanceof Record inner && byDefault instanceof Record innerDefaults) {
                changed.addAll(of(name + ".", inner, innerDefaults));
            } else if (!Objects.equals(value, byDefault)) {
                changed.add(name);
            }
        }
        return changed;
    }
}
