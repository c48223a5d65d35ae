package io.camure.spring.boot.autoconfigure;

import io.camure.spring.CamureConfigurationException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * Refuses names of groups and sessions that have a dot but no brackets: what follows the dot would be taken for a property, which
 * there is not, and the group for one without any, which is left out in silence.
 */
final class DottedNames {

    private static final ConfigurationPropertyName GROUPS = ConfigurationPropertyName.of("camure.groups");
    private static final ConfigurationPropertyName SESSIONS = ConfigurationPropertyName.of("camure.sessions");
    private static final Set<String> OF_A_GROUP = properties(CamureProperties.Group.class);
    private static final Set<String> OF_A_SESSION = properties(CamureProperties.Session.class);
    private static final Set<String> SECTIONS_OF_A_SESSION = Set.of("coordinator", "member", "groups");

    private DottedNames() {}

    private static Set<String> properties(Class<? extends Record> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    /** @throws CamureConfigurationException when there is such a name */
    static void refuse(Environment environment) {
        ConfigurationPropertySources.get(environment).forEach(source -> {
            if (source instanceof IterableConfigurationPropertySource iterable) {
                iterable.stream().forEach(DottedNames::check);
            }
        });
    }

    private static void check(ConfigurationPropertyName property) {
        if (GROUPS.isAncestorOf(property)) {
            checkGroup(property, GROUPS.getNumberOfElements());
        } else if (SESSIONS.isAncestorOf(property)) {
            int name = SESSIONS.getNumberOfElements();
            if (property.getNumberOfElements() > name + 2) {
                String section = element(property, name + 1);
                if (section.equals("groups")) {
                    checkGroup(property, name + 2);
                } else if (!SECTIONS_OF_A_SESSION.contains(section)
                        && OF_A_SESSION.contains(element(property, name + 2))) {
                    throw refused(property, name, name + 2);
                }
            }
        }
    }

    /** @param name where the group's name begins */
    private static void checkGroup(ConfigurationPropertyName property, int name) {
        int last = property.getNumberOfElements() - 1;
        if (last > name + 1 && OF_A_GROUP.contains(element(property, last))) {
            throw refused(property, name, last);
        }
    }

    private static String element(ConfigurationPropertyName property, int index) {
        return property.getElement(index, Form.UNIFORM);
    }

    private static CamureConfigurationException refused(ConfigurationPropertyName property, int name, int end) {
        String prefix = property.chop(name).toString();
        String dotted = property.chop(end).toString().substring(prefix.length() + 1);
        return new CamureConfigurationException(
                property + " is not a property: a name with a dot, as " + dotted + " would be, needs brackets.",
                "Write " + prefix + "[" + dotted + "], in YAML \"[" + dotted + "]\", or choose a name without a dot. An"
                        + " environment variable leaves the dashes of a name out: start-line is STARTLINE there.");
    }
}
