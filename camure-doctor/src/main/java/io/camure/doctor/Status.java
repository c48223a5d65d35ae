package io.camure.doctor;

/** What a rung says of the network, from the best to the worst. */
public enum Status {
    /** As it is to be. */
    GREEN,
    /** A session works, but not as well as it could, or something could not be tried. */
    AMBER,
    /** A session does not work, or not as it is configured. */
    RED;

    /** The worse of two. */
    Status or(Status other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
