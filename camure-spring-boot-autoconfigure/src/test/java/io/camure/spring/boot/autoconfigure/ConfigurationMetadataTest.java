package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What editors know of the properties. */
class ConfigurationMetadataTest {

    private static JsonNode properties() throws IOException {
        try (InputStream metadata =
                CamureProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            return new JsonMapper().readTree(metadata).get("properties");
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
                        "camure.groups",
                        "camure.sessions",
                        "camure.register-group-beans",
                        "camure.coordinator.bind-address",
                        "camure.coordinator.multicast-address",
                        "camure.coordinator.chunk-size",
                        "camure.coordinator.heartbeat-interval",
                        "camure.coordinator.member-timeout",
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
                        "management.endpoint.camure.access",
                        "management.endpoint.camure.cache.time-to-live",
                        "management.health.camure.enabled");
    }
}
