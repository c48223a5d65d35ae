package io.camure.spring.boot.autoconfigure;

import io.camure.spring.CamureConfigurationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;

/**
 * Refuses names of groups and sessions that Boot would change as it binds them. Without brackets it leaves out what is neither a
 * letter from a to z, a digit, a dash nor an underscore, so that {@code a/b} would be {@code ab}, and the same as another one.
 */
final class ChangedNames {

    private static final Pattern GROUPS = Pattern.compile("(camure\\.groups)(?=[.\\[])(.*)");
    private static final Pattern SESSIONS = Pattern.compile("(camure\\.sessions)(?=[.\\[])(.*)");
    private static final Pattern GROUPS_OF_A_SESSION = Pattern.compile("(\\.groups)(?=[.\\[])(.*)");

    private ChangedNames() {}

    /** @throws CamureConfigurationException when there is such a name */
    static void refuse(Environment environment) {
        if (environment instanceof ConfigurableEnvironment configurable) {
            configurable.getPropertySources().forEach(source -> {
                if (source instanceof EnumerablePropertySource<?> enumerable) {
                    for (String property : enumerable.getPropertyNames()) {
                        check(property);
                    }
                }
            });
        }
    }

    private static void check(String property) {
        Matcher groups = GROUPS.matcher(property);
        Matcher sessions = SESSIONS.matcher(property);
        if (groups.matches()) {
            name(property, groups.group(1), groups.group(2));
        } else if (sessions.matches()) {
            String behind = sessions.group(2);
            int length = name(property, sessions.group(1), behind);
            Matcher ofSession = GROUPS_OF_A_SESSION.matcher(behind.substring(length));
            if (ofSession.matches()) {
                String prefix = sessions.group(1) + behind.substring(0, length) + ofSession.group(1);
                name(property, prefix, ofSession.group(2));
            }
        }
    }

    /**
     * @param behind what follows the prefix: the name, with a dot before it or in brackets, and the rest
     * @return how much of that is the name
     */
    private static int name(String property, String prefix, String behind) {
        int start = behind.startsWith(".") ? 1 : 0;
        int end = start;
        int open = 0;
        while (end < behind.length() && (open > 0 || behind.charAt(end) != '.')) {
            char next = behind.charAt(end);
            open += next == '[' ? 1 : next == ']' ? -1 : 0;
            end++;
        }
        String name = behind.substring(start, end);
        if (!isWhole(name)) {
            String bound = bound(name);
            throw new CamureConfigurationException(
                    property + " has a name that needs brackets: without them, " + name + " would be " + bound + ".",
                    "Write " + prefix + "[" + name + "], in YAML \"[" + name
                            + "]\", or choose a name of letters from a to z," + " digits and dashes.");
        }
        return end;
    }

    private static boolean isWhole(String name) {
        boolean inBrackets = name.startsWith("[") && name.endsWith("]");
        ConfigurationPropertyName adapted = ConfigurationPropertyName.adapt(name, '.');
        return name.isEmpty() || adapted.getNumberOfElements() == 1 && (inBrackets || name.equals(bound(name)));
    }

    /** What Boot makes of it. */
    private static String bound(String name) {
        ConfigurationPropertyName adapted = ConfigurationPropertyName.adapt(name, '.');
        return adapted.isEmpty() ? "nothing" : adapted.getElement(0, Form.ORIGINAL);
    }
}
