package io.camure.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;

/** What the Compose file describes. */
record Compose(Map<String, Object> content) {

    private static final Pattern DEFAULT = Pattern.compile("\\$\\{([A-Z_]+):-([^}]*)}");

    static Path file() {
        return Place.examples().resolve("compose/compose.yaml");
    }

    /** Where none of the variables is set that it asks for. */
    static Compose read() {
        return read(Map.of());
    }

    static Compose read(Map<String, String> variables) {
        try {
            String text = DEFAULT.matcher(Files.readString(file()))
                    .replaceAll(variable ->
                            Matcher.quoteReplacement(variables.getOrDefault(variable.group(1), variable.group(2))));
            return new Compose(new Yaml().load(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Map<String, Object> service(String name) {
        return map(map(content, "services"), name);
    }

    int replicas(String service) {
        return ((Number) map(service(service), "deploy").get("replicas")).intValue();
    }

    String image() {
        return String.valueOf(service("coordinator").get("image"));
    }

    Variables variables(String service) {
        Map<String, String> values = new TreeMap<>();
        map(service(service), "environment").forEach((name, value) -> values.put(name, String.valueOf(value)));
        return new Variables(values);
    }

    /** All keys of the file are text. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Map<String, Object> parent, String name) {
        return (Map<String, Object>) parent.get(name);
    }
}
