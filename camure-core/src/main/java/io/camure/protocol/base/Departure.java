package io.camure.protocol.base;

/** How a member went. */
public enum Departure {
    /** It said that it leaves. */
    LEFT,
    /** Nothing was heard from it for the member timeout, or it was started anew at its address. */
    LOST,
    /** The coordinator evicted it, though it lives. */
    EVICTED
}
