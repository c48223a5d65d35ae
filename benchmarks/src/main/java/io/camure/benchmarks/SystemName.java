package io.camure.benchmarks;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is measured, in the form {@code family:configuration@JDK+start}, of which all but the family can be missing.
 *
 * @param family such as jgroups-udp
 * @param configuration the words of its {@link Settings}; empty for what it ships
 * @param jdk the version of the JDK that runs it; empty for the one that runs the driver
 * @param start how its JVM is started
 */
public record SystemName(String family, String configuration, String jdk, Start start) {

    private static final Pattern FORM = Pattern.compile("([^:@+]+)(?::([^:@+]+))?(?:@([0-9]+))?(?:\\+([a-z]+))?");

    /** @throws IllegalArgumentException if it does not have this form */
    public static SystemName parse(String name) {
        Matcher matcher = FORM.matcher(name);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + name + "' is not of the form family:configuration@JDK+start");
        }
        return new SystemName(matcher.group(1), given(matcher, 2), given(matcher, 3), Start.parse(given(matcher, 4)));
    }

    private static String given(Matcher matcher, int group) {
        String value = matcher.group(group);
        return value == null ? "" : value;
    }

    SystemName by(String otherJdk) {
        return new SystemName(family, configuration, otherJdk, start);
    }

    SystemName startedBy(Start otherStart) {
        return new SystemName(family, configuration, jdk, otherStart);
    }

    /** Whether another one differs from this one in its configuration or JDK at most. */
    boolean isRelativeOf(SystemName other) {
        return family.equals(other.family) && start == other.start;
    }

    @Override
    public String toString() {
        return family
                + (configuration.isEmpty() ? "" : ":" + configuration)
                + (jdk.isEmpty() ? "" : "@" + jdk)
                + (start == Start.PLAIN ? "" : "+" + start);
    }
}
