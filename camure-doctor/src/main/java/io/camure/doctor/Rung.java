package io.camure.doctor;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One thing that the doctor has looked at.
 *
 * @param name such as {@code multicast}
 * @param at the node that it was tried with; {@code null} when it is of this node alone
 * @param found what was seen, in a sentence or two
 * @param fix what to do about it, in a sentence; {@code null} when there is nothing to do
 * @param command a command that does it or shows where to; {@code null} when there is none
 */
public record Rung(
        String name,
        @Nullable String at,
        Status status,
        String found,
        @Nullable String fix,
        @Nullable String command) {

    static Rung green(String name, @Nullable String at, String found) {
        return new Rung(name, at, Status.GREEN, found, null, null);
    }

    @Override
    public String toString() {
        return status.name().toLowerCase(Locale.ROOT) + " " + name + (at == null ? "" : " " + at) + ": " + found
                + (fix == null ? "" : " To do: " + fix) + (command == null ? "" : " Command: " + command);
    }
}
