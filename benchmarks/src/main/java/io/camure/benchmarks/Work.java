package io.camure.benchmarks;

import java.util.Locale;

/** What is measured. */
public enum Work {
    /** All nodes meet at a barrier, round after round. */
    BARRIER,

    /** The coordinator sends messages of one size as fast as all members take them. */
    BROADCAST,

    /** The coordinator sends a thousand messages a second, and each says when it was sent. */
    LATENCY,

    /** What a node takes to start, and what it costs while it does nothing. */
    FOOTPRINT;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
