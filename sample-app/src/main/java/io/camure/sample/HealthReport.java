package io.camure.sample;

import java.io.PrintStream;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.stereotype.Component;

/** The gist of {@code /actuator/health/camure} in a line, so that it can be seen without a web server. */
@Component
class HealthReport {

    private final HealthEndpoint health;

    HealthReport(HealthEndpoint health) {
        this.health = health;
    }

    void print(String node, PrintStream console) {
        HealthDescriptor camure = Objects.requireNonNull(health.healthForPath("camure"));
        String groups = components(camure).entrySet().stream()
                .map(group -> group.getKey() + " " + describe(group.getValue()))
                .collect(Collectors.joining(" · "));
        console.printf("%-13s%s: %s%n", node, camure.getStatus(), groups);
    }

    private static Map<String, HealthDescriptor> components(HealthDescriptor health) {
        return health instanceof CompositeHealthDescriptor composite && composite.getComponents() != null
                ? composite.getComponents()
                : Map.of();
    }

    private static String describe(HealthDescriptor group) {
        Map<String, Object> details =
                group instanceof IndicatedHealthDescriptor indicated && indicated.getDetails() != null
                        ? indicated.getDetails()
                        : Map.of();
        StringBuilder text = new StringBuilder(String.valueOf(details.get("state")));
        if (details.containsKey("membersPresent")) {
            text.append(", ").append(details.get("membersPresent")).append('/');
            text.append(details.get("membersExpected")).append(" members");
        }
        if (details.get("lastRound") instanceof Map<?, ?> round) {
            text.append(", round ").append(round.get("number"));
        }
        return text.toString();
    }
}
