package io.camure;

/** The coordinator and this node call the group by different names: probably one of them has the wrong id. */
public final class GroupNameMismatchException extends CamureException {

    private static final long serialVersionUID = 1L;

    public GroupNameMismatchException(String message) {
        super(message);
    }
}
