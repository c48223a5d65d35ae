package io.camure.spring.boot.autoconfigure;

/** Which rounds show in traces. */
public enum ObservedRounds {
    /** Those for which somebody waits in a sampled trace. */
    SAMPLED,
    /** None, and nothing is sent for it. */
    NONE
}
