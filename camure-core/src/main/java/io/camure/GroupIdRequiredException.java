package io.camure;

/**
 * A group was to be joined by its name alone, and the coordinator does not know names: it speaks protocol 0.1, or runs an earlier
 * build. Tell the id.
 */
public final class GroupIdRequiredException extends CamureException {

    private static final long serialVersionUID = 1L;

    public GroupIdRequiredException(String message) {
        super(message);
    }
}
