package io.camure.spring.boot.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What editors and the reference know of the properties of the kit. */
class TestPropertiesTest {

    private static final String PREFIX = "camure.test";

    private static String row(JsonNode properties) {
        List<String> names = new ArrayList<>();
        List<String> defaults = new ArrayList<>();
        for (JsonNode property : properties) {
            String name = property.get("name").asString();
            assertThat(name).startsWith(PREFIX);
            names.add(names.isEmpty() ? name : name.substring(PREFIX.length()));
            defaults.add(property.get("defaultValue").asString());
            assertThat(property.get("description").asString()).as(name).endsWith(".");
        }
        return "| `" + String.join("`, `", names) + "` | `" + String.join("`, `", defaults) + "` |";
    }

    @Test
    void thePropertiesHaveMetadataAndAreInTheReference() {
        // Other modules on the class path have such a file, too.
        JsonNode metadata =
                new JsonMapper().readTree(Path.of("target/classes/META-INF/spring-configuration-metadata.json"));
        assertThat(Path.of("../docs/reference.md")).content().contains(row(metadata.get("properties")));
    }
}
