package io.camure;

/** The group to join is of the other type: a barrier where the caller expects a broadcast, or the other way round. */
public final class GroupTypeMismatchException extends CamureException {

    private static final long serialVersionUID = 1L;

    public GroupTypeMismatchException(String message) {
        super(message);
    }
}
