package io.camure;

/** What happens to a member that holds a broadcast up for the slow member patience. */
public enum SlowMember {
    /** The broadcast waits for it: once the send window is full, nothing new is sent to any member. */
    WAIT,
    /** It is evicted from the group, and can join again. It misses what it has not received by then. */
    EVICT
}
