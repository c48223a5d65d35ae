package io.camure.spring.kind;

/** What a group, or a whole session, can do for this application now. */
public enum GroupState {
    /** The session has not been started, or was stopped. */
    STOPPED,
    /** The coordinator has not admitted this member yet. */
    JOINING,
    /** At a coordinator: the expected members have not been there together yet. */
    FORMING,
    /** Rounds and messages can pass. */
    OPEN,
    /** At a coordinator: they can, but with fewer members than are expected. */
    DEGRADED,
    /** It was closed, or this member and its coordinator have lost each other. */
    LOST;

    /** Whether rounds and messages can pass, now or as soon as the expected members are in. */
    public boolean isOpen() {
        return this == OPEN || this == FORMING || this == DEGRADED;
    }
}
