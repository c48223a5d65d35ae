package io.camure.spring.boot.autoconfigure.health;

import io.camure.spring.kind.GroupState;
import org.springframework.boot.health.contributor.Status;

/** What the state of a session or a group means for health. */
final class StateStatus {

    private StateStatus() {}

    static Status of(GroupState state) {
        return switch (state) {
            case STOPPED -> Status.UNKNOWN;
            case JOINING -> Status.OUT_OF_SERVICE;
            case FORMING, OPEN, DEGRADED -> Status.UP;
            case LOST -> Status.DOWN;
        };
    }
}
