package io.camure.benchmarks;

/** A measurement did not come about; the message says why. */
final class CellFailure extends Exception {

    private static final long serialVersionUID = 1;

    CellFailure(String reason) {
        super(reason);
    }

    CellFailure(String reason, Throwable cause) {
        super(reason, cause);
    }
}
