package io.camure.protocol.round;

/** What the loss of a member does to the round that is going on, whether the member had arrived or not. */
public enum LossPolicy {
    /** The round goes on without it. */
    CONTINUE,
    /** The round is broken. */
    BREAK
}
