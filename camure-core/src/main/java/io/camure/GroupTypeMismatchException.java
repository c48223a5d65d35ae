package io.camure;

/** The group to join is of another type, such as a barrier where the caller expects a broadcast. */
public final class GroupTypeMismatchException extends CamureException {

    private static final long serialVersionUID = 1L;

    public GroupTypeMismatchException(String message) {
        super(message);
    }
}
