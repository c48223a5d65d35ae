package io.camure.doctor;

/** Finds the largest datagram that passes. */
final class Search {

    private Search() {}

    /** Tries a size. */
    @FunctionalInterface
    interface Trial<E extends Exception> {

        boolean passes(int bytes) throws E, InterruptedException;
    }

    /**
     * Halves the range, the largest one first; what is larger than one that does not pass is taken not to pass either.
     *
     * @return 0 when not even the smallest one passes
     */
    static <E extends Exception> int largest(int smallest, int largest, Trial<E> trial) throws E, InterruptedException {
        if (trial.passes(largest)) {
            return largest;
        } else if (largest <= smallest || !trial.passes(smallest)) {
            return 0;
        }
        int passing = smallest;
        int failing = largest;
        while (failing - passing > 1) {
            int middle = (passing + failing) >>> 1;
            if (trial.passes(middle)) {
                passing = middle;
            } else {
                failing = middle;
            }
        }
        return passing;
    }
}
