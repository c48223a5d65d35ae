package io.camure.wire;

import org.jspecify.annotations.Nullable;

/** What a group does. */
public enum GroupType {
    BROADCAST(0),
    BARRIER(1),
    COLLECTIVE(2);

    private final int wireValue;

    GroupType(int wireValue) {
        this.wireValue = wireValue;
    }

    int wireValue() {
        return wireValue;
    }

    static @Nullable GroupType of(int wireValue) {
        return switch (wireValue) {
            case 0 -> BROADCAST;
            case 1 -> BARRIER;
            case 2 -> COLLECTIVE;
            default -> null;
        };
    }
}
