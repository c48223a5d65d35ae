package io.camure.simulation;

/** Something that must hold, whatever happens. */
interface Invariant {

    /**
     * Is looked at after each step, by whichever thread.
     *
     * @return how it is violated, or {@code null} while it holds
     */
    String violation(long nowNanos);

    /** The same at the end, when all nodes are closed. */
    default String violationAtEnd() {
        return null;
    }
}
