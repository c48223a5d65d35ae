package io.camure.protocol;

/** How a member went. */
public enum Departure {
    /** It said that it leaves. */
    LEFT,
    /** Nothing was heard from it for the member timeout. */
    LOST
}
