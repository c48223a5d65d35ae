package io.camure;

/** A group with this id exists already, or this node has joined it already. */
public final class GroupInUseException extends CamureException {

    private static final long serialVersionUID = 1L;

    public GroupInUseException(String message) {
        super(message);
    }
}
