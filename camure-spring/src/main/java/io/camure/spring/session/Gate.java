package io.camure.spring.session;

/** What has to wait for the first round of a barrier. */
public enum Gate {
    /** Nothing. */
    NONE,
    /** Being ready: until then readiness is OUT_OF_SERVICE. */
    READINESS
}
