package io.camure.spring.session;

/** What a member does at start while it can't join. */
public enum Startup {
    /** Holds the application's start back until it has joined, and fails it after the start-up timeout. */
    WAIT,
    /** Tries once, for the join timeout, and fails the application's start. */
    FAIL,
    /** Starts without, and goes on trying until it has joined or the application stops. */
    BACKGROUND
}
