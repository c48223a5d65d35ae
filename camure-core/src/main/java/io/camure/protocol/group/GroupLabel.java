package io.camure.protocol.group;

import io.camure.wire.GroupType;
import java.util.Locale;

/**
 * What a group is called: by its id, by its name, or by both.
 *
 * @param id 0…65535, or {@link #NO_ID} while only the coordinator knows it
 * @param name as the configuration has it; empty for a group that has none
 */
public record GroupLabel(int id, String name) {

    /** In place of an id that is not known. */
    public static final int NO_ID = -1;

    /** A group that has no name. */
    public static GroupLabel of(int id) {
        return new GroupLabel(id, "");
    }

    /** A group that may have another id at each coordinator. */
    public static GroupLabel of(String name) {
        return new GroupLabel(NO_ID, name);
    }

    public boolean hasId() {
        return id != NO_ID;
    }

    public boolean hasName() {
        return !name.isEmpty();
    }

    /** As logs and errors call it: {@code barrier prices}, or {@code barrier 0} when it has no name. */
    public String describe(GroupType type) {
        return type.name().toLowerCase(Locale.ROOT) + " " + this;
    }

    /** The name, or the id when it has none. */
    @Override
    public String toString() {
        return hasName() ? name : Integer.toString(id);
    }
}
