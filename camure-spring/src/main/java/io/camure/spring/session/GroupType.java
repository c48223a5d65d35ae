package io.camure.spring.session;

/** What a group does. */
public enum GroupType {
    /** A point that no node passes before all have arrived. */
    BARRIER,
    /** Messages from the coordinator to all members. */
    BROADCAST
}
