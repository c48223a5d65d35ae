package io.camure.spring.kind;

import java.util.Map;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A value of a group that is measured.
 *
 * @param name as Micrometer writes names: {@code camure.group.members}
 * @param unit what it counts, or {@code null} for none; a {@link Type#TIME} is in nanoseconds
 * @param tags beside that of the group
 * @param value read at any time, by any thread
 */
public record GroupMeter(
        String name,
        Type type,
        @Nullable String unit,
        String description,
        Map<String, String> tags,
        DoubleSupplier value) {

    /** What becomes of it. */
    public enum Type {
        /** A number that rises and falls. */
        GAUGE,
        /** A number that only rises. */
        COUNTER,
        /** A time that rises and falls. */
        TIME
    }

    public static GroupMeter gauge(String name, String unit, String description, DoubleSupplier value) {
        return new GroupMeter(name, Type.GAUGE, unit, description, Map.of(), value);
    }

    public static GroupMeter time(String name, String description, DoubleSupplier nanos) {
        return new GroupMeter(name, Type.TIME, null, description, Map.of(), nanos);
    }
}
