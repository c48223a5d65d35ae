package io.camure;

/** There is a group with this id already, or this node has joined it already. */
public final class GroupInUseException extends CamureException {

    private static final long serialVersionUID = 1L;

    GroupInUseException(String message) {
        super(message);
    }
}
