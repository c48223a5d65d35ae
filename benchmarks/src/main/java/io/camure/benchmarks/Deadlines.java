package io.camure.benchmarks;

import java.time.Duration;

/** How long to wait for what hangs when something is wrong. */
final class Deadlines {

    /** For a node to start, or for all nodes of a set to find one another. */
    static final Duration GATHER = Duration.ofSeconds(40);

    /** For a phase, beyond the time that it is meant to take. */
    static final Duration PHASE = Duration.ofSeconds(20);

    /** For a node to end by itself before it is killed. */
    static final Duration END = Duration.ofSeconds(2);

    /** For a node to end and make an archive of its classes. */
    static final Duration ARCHIVE = Duration.ofSeconds(120);

    private Deadlines() {}
}
