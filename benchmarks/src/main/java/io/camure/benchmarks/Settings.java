package io.camure.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A configuration of a system as words with dots between them, such as {@code no-bundler.all-direct.platform}. A word that
 * is not given leaves what the system ships.
 */
public final class Settings {

    private final String text;
    private final List<String> unused;

    private Settings(String text) {
        this.text = text;
        unused = text.isEmpty() ? new ArrayList<>() : new ArrayList<>(List.of(text.split("\\.", -1)));
    }

    /** Reads words with dots between them, or none. */
    public static Settings parse(String text) {
        return new Settings(text);
    }

    /** Whether the word is given. */
    public boolean has(String word) {
        return unused.remove(word);
    }

    /** Which one of some words is given, or else the first. */
    public String oneOf(String... words) {
        for (String word : words) {
            if (has(word)) {
                return word;
            }
        }
        return words[0];
    }

    /** What follows the prefix in the word that begins with it, or else nothing. */
    public @Nullable String after(String prefix) {
        for (String word : unused) {
            if (word.startsWith(prefix)) {
                unused.remove(word);
                return word.substring(prefix.length());
            }
        }
        return null;
    }

    /** A number of bytes such as {@code 64k} or {@code 2m} after the prefix, or else a default. */
    public int bytesAfter(String prefix, Supplier<Integer> otherwise) {
        String value = after(prefix);
        return value == null ? otherwise.get() : bytes(value);
    }

    private static int bytes(String value) {
        int last = value.length() - 1;
        return switch (value.charAt(last)) {
            case 'k' -> Integer.parseInt(value.substring(0, last)) << 10;
            case 'm' -> Integer.parseInt(value.substring(0, last)) << 20;
            default -> Integer.parseInt(value);
        };
    }

    /**
     * To be called when all words that are known have been asked for.
     *
     * @throws IllegalArgumentException if there are others
     */
    public void refuseOthers() {
        if (!unused.isEmpty()) {
            throw new IllegalArgumentException(
                    "the configuration '" + text + "' has words that are not known: " + String.join(", ", unused));
        }
    }
}
