package io.camure;

/** The group to be joined is of the other type: a barrier where a broadcast was asked for, or the other way round. */
public final class GroupTypeMismatchException extends CamureException {

    private static final long serialVersionUID = 1L;

    GroupTypeMismatchException(String message) {
        super(message);
    }
}
