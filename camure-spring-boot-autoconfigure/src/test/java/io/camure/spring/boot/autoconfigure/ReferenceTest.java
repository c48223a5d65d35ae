package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.camure.CamureException;
import io.camure.spring.CamureEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The reference names all properties, with their defaults, all events and all errors, and no others. */
class ReferenceTest {

    private static final Pattern ROW = Pattern.compile("^\\| (`[^|]+`) \\| ([^|]*) \\|", Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");
    private static final Pattern UPPER_CASE = Pattern.compile("([A-Z])");

    private static String section(String title) throws IOException {
        String page = Files.readString(Path.of("../docs/reference.md"));
        int start = page.indexOf("\n## " + title + "\n");
        assertThat(start).as("section %s", title).isNotNegative();
        int end = page.indexOf("\n## ", start + 1);
        return page.substring(start, end < 0 ? page.length() : end);
    }

    /** What is documented, and the default; {@code –} stands for none. */
    private static Map<String, String> documentedProperties() throws IOException {
        Map<String, String> defaults = new TreeMap<>();
        String table = section("Properties");
        for (MatchResult row : ROW.matcher(table.substring(0, table.indexOf("\n### ")))
                .results()
                .toList()) {
            String[] values = row.group(2).split(", ");
            String parent = "";
            int index = 0;
            for (MatchResult name : NAME.matcher(row.group(1)).results().toList()) {
                String written = name.group(1);
                String full = written.startsWith(".") ? parent + written : written;
                parent = written.startsWith(".") ? parent : written.substring(0, written.lastIndexOf('.'));
                defaults.put(full, values[Math.min(index, values.length - 1)]);
                index++;
            }
        }
        return defaults;
    }

    private static Map<String, String> metadata() throws IOException {
        Map<String, String> defaults = new TreeMap<>();
        try (InputStream metadata =
                CamureProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            for (JsonNode property : new JsonMapper().readTree(metadata).get("properties")) {
                defaults.put(
                        property.get("name").asString(),
                        // Boot's processor writes constants with underscores, and its documentation with dashes.
                        property.path("defaultValue").asString("").replace('_', '-'));
            }
        }
        // What is in a map has no metadata of its own.
        defaults.remove("camure.groups");
        defaults.remove("camure.sessions");
        defaults.put("camure.sessions.<session>.*", "");
        Arrays.stream(CamureProperties.Group.class.getRecordComponents())
                .forEach(component -> defaults.put(
                        "camure.groups.<name>."
                                + UPPER_CASE
                                        .matcher(component.getName())
                                        .replaceAll(match -> "-" + match.group().toLowerCase()),
                        ""));
        return defaults;
    }

    @Test
    void eachPropertyIsThereWithItsDefault() throws IOException {
        Map<String, String> documented = documentedProperties();
        Map<String, String> metadata = metadata();

        // Their modules see to these.
        documented.keySet().removeIf(name -> name.startsWith("camure.test.") || name.contains(".camuredashboard."));
        assertThat(documented.keySet()).containsExactlyInAnyOrderElementsOf(metadata.keySet());
        metadata.forEach((name, value) -> {
            if (!value.isEmpty()) {
                assertThat(documented.get(name)).as(name).isEqualTo("`" + value + "`");
            }
        });
    }

    private static JavaClasses publicTypes() {
        return new ClassFileImporter().importPackages("io.camure", "io.camure.spring");
    }

    @Test
    void eachEventIsThere() throws IOException {
        String events = section("Events");
        assertThat(publicTypes())
                .filteredOn(type -> type.isAssignableTo(CamureEvent.class) && !type.isInterface())
                .isNotEmpty()
                .allSatisfy(type -> assertThat(events).contains("`" + type.getSimpleName()));
    }

    @Test
    void eachErrorIsThere() throws IOException {
        String errors = section("Errors");
        assertThat(publicTypes())
                .filteredOn(type -> type.isAssignableTo(CamureException.class)
                        && type.getModifiers().contains(JavaModifier.PUBLIC)
                        && !type.isEquivalentTo(CamureException.class))
                .isNotEmpty()
                .allSatisfy(type -> assertThat(errors).contains("`" + type.getSimpleName()));
    }
}
