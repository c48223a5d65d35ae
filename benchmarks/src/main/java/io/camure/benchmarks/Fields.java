package io.camure.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A line between the driver and a node: a word, then names and values, all without spaces. Plain text keeps a node as light
 * as the system that it measures.
 */
record Fields(String word, Map<String, String> values) {

    static Fields of(String word) {
        return new Fields(word, new LinkedHashMap<>());
    }

    static Fields parse(String line) {
        String[] parts = line.split(" ", -1);
        Fields fields = of(parts[0]);
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            fields.with(parts[i].substring(0, equals), parts[i].substring(equals + 1));
        }
        return fields;
    }

    Fields with(String name, Object value) {
        values.put(name, value.toString());
        return this;
    }

    String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("'" + this + "' has no '" + name + "'");
        }
        return value;
    }

    long number(String name) {
        return Long.parseLong(text(name));
    }

    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(word);
        values.forEach(
                (name, value) -> line.append(' ').append(name).append('=').append(value));
        return line.toString();
    }
}
