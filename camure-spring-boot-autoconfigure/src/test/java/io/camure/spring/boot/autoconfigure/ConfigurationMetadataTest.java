package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What editors know of the properties. */
class ConfigurationMetadataTest {

    /** Those that Spring Boot documents for editors. */
    private static final Set<String> PROVIDERS = Set.of(
            "any", "class-reference", "handle-as", "logger-name", "spring-bean-reference", "spring-profile-name");

    private static JsonNode properties() throws IOException {
        return metadata().get("properties");
    }

    private static JsonNode metadata() throws IOException {
        try (InputStream metadata =
                CamureProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            return new JsonMapper().readTree(metadata);
        }
    }

    @Test
    void eachPropertyIsDescribed() throws IOException {
        List<String> names = new ArrayList<>();
        for (JsonNode property : properties()) {
            names.add(property.get("name").asString());
            assertThat(property.path("description").asString(""))
                    .as("%s", property.get("name"))
                    .hasSizeGreaterThan(20)
                    .endsWith(".");
        }
        assertThat(names)
                .containsExactlyInAnyOrder(
                        "camure.enabled",
                        "camure.role",
                        "camure.name",
                        "camure.session-name",
                        "camure.transport",
                        "camure.idle-strategy",
                        "camure.security.mode",
                        "camure.security.secrets",
                        "camure.security.cipher",
                        "camure.security.ssl-bundle",
                        "camure.security.allowed-members",
                        "camure.security.allowed-coordinators",
                        "camure.election.engine",
                        "camure.election.name",
                        "camure.election.coordinator-when",
                        "camure.election.lease",
                        "camure.collective.maximum-value",
                        "camure.groups",
                        "camure.sessions",
                        "camure.register-group-beans",
                        "camure.observation.propagated-fields",
                        "camure.observation.rounds",
                        "camure.coordinator.advertised-address",
                        "camure.coordinator.announced",
                        "camure.coordinator.bind-address",
                        "camure.coordinator.multicast-address",
                        "camure.coordinator.delivery",
                        "camure.coordinator.chunk-size",
                        "camure.coordinator.heartbeat-interval",
                        "camure.coordinator.member-timeout",
                        "camure.coordinator.legacy-linger",
                        "camure.coordinator.accept-legacy",
                        "camure.coordinator.network-interface",
                        "camure.coordinator.multicast-ttl",
                        "camure.coordinator.maximum-members",
                        "camure.coordinator.send-window",
                        "camure.coordinator.send-buffer",
                        "camure.coordinator.receive-buffer",
                        "camure.member.coordinator-address",
                        "camure.member.coordinator-service",
                        "camure.member.startup",
                        "camure.member.startup-timeout",
                        "camure.member.join-timeout",
                        "camure.member.coordinator-timeout",
                        "camure.member.message-timeout",
                        "camure.member.maximum-message-size",
                        "camure.member.network-interface",
                        "camure.member.receive-window",
                        "camure.member.send-buffer",
                        "camure.member.receive-buffer",
                        "camure.member.rejoin.enabled",
                        "camure.member.rejoin.initial-interval",
                        "camure.member.rejoin.max-interval",
                        "camure.observation.enabled",
                        "camure.refresh.group",
                        "management.endpoint.camure.access",
                        "management.endpoint.camure.cache.time-to-live",
                        "management.endpoint.camure.roles",
                        "management.endpoint.camure.show-values",
                        "management.health.camure.enabled");
    }

    @Test
    void eachHintIsOfAPropertyAndSaysWhatEditorsUnderstand() throws IOException {
        Map<String, String> types = new HashMap<>();
        for (JsonNode property : properties()) {
            types.put(property.get("name").asString(), property.path("type").asString(""));
        }
        for (JsonNode hint : metadata().get("hints")) {
            String name = hint.get("name").asString();
            String property = name.replaceAll("\\.(keys|values)$", "");
            if (property.startsWith("camure.")) {
                assertThat(types).containsKey(property);
                assertThat(types.get(property).startsWith("java.util.Map"))
                        .as(name)
                        .isEqualTo(!name.equals(property));
            }
            for (JsonNode provider : hint.path("providers")) {
                assertThat(provider.get("name").asString()).as(name).isIn(PROVIDERS);
            }
            for (JsonNode value : hint.path("values")) {
                assertThat(value.get("value").asString()).as(name).isNotBlank();
            }
        }
    }

    @Test
    void eachChoiceIsExplained() throws Exception {
        Map<String, List<String>> explained = new HashMap<>();
        for (JsonNode hint : metadata().get("hints")) {
            List<String> values = new ArrayList<>();
            for (JsonNode value : hint.path("values")) {
                if (value.path("description").asString("").endsWith(".")) {
                    values.add(value.get("value").asString());
                }
            }
            explained.put(hint.get("name").asString(), values);
        }
        List<String> choices = new ArrayList<>();
        for (JsonNode property : properties()) {
            String name = property.get("name").asString();
            String type = property.path("type").asString("");
            if (name.startsWith("camure.") && type.startsWith("io.camure.")) {
                Object[] constants = Class.forName(type).getEnumConstants();
                choices.add(name);
                assertThat(explained.get(name))
                        .as(name)
                        .containsExactlyInAnyOrder(Arrays.stream(constants)
                                .map(constant -> constant.toString()
                                        .toLowerCase(Locale.ROOT)
                                        .replace('_', '-'))
                                .toArray(String[]::new));
            }
        }
        assertThat(choices)
                .containsExactlyInAnyOrder(
                        "camure.role",
                        "camure.transport",
                        "camure.idle-strategy",
                        "camure.security.mode",
                        "camure.security.cipher",
                        "camure.coordinator.delivery",
                        "camure.member.startup",
                        "camure.observation.rounds");
    }
}
