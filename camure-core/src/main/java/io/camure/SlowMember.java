package io.camure;

/** What becomes of a member that holds a broadcast up for longer than it may. */
public enum SlowMember {
    /** It is waited for, and so nothing new is sent to anybody once the send window is full. */
    WAIT,
    /** It is taken out of the group, and can join again. What it has not got by then it misses. */
    EVICT
}
